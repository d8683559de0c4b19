namespace OrleansLb.Contracts.Backends;

/// <summary>The slots of one backend that a front-end may use.</summary>
/// <param name="Key">Key of the backend generation.</param>
/// <param name="Amount">Most requests at once.</param>
/// <param name="Limit">What all front-ends together may have there now, where the limit adapts; 0 where it does not, and from a silo that does not know of it.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.SlotAllowance")]
public readonly record struct SlotAllowance(
    [property: Id(0)] ulong Key,
    [property: Id(1)] int Amount,
    [property: Id(2)] int Limit = 0);
