namespace OrleansLb.Contracts.Health;

/// <summary>Which backends of a pool take which traffic, in full.</summary>
/// <param name="Epoch">Differs with each activation of the pool.</param>
/// <param name="Version">Grows with each change.</param>
/// <param name="Rows">Every backend.</param>
/// <param name="Panic">Whether the pool is below its panic share.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.EligibilityTable")]
public sealed record EligibilityTable(
    [property: Id(0)] long Epoch,
    [property: Id(1)] long Version,
    [property: Id(2)] EligibilityRow[] Rows,
    [property: Id(3)] bool Panic);
