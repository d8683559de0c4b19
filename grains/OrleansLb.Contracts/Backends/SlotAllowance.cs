namespace OrleansLb.Contracts.Backends;

/// <summary>The slots of one backend that a front-end may use.</summary>
/// <param name="Key">Key of the backend generation.</param>
/// <param name="Amount">Most requests at once.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.SlotAllowance")]
public readonly record struct SlotAllowance(
    [property: Id(0)] ulong Key,
    [property: Id(1)] int Amount);
