namespace OrleansLb.Contracts.RateLimits;

/// <summary>Answer to one <see cref="LimitSlotClaim"/>.</summary>
/// <param name="Amount">Slots that the front-end may have in use from now on.</param>
/// <param name="IsScarce">Whether somebody lacks slots.</param>
/// <param name="MayKeep">Whether slots that are free at the moment may stay at the front-end.</param>
/// <param name="Left">Slots of the key that nobody holds.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitSlotGrant")]
public readonly record struct LimitSlotGrant(
    [property: Id(0)] int Amount,
    [property: Id(1)] bool IsScarce,
    [property: Id(2)] bool MayKeep,
    [property: Id(3)] int Left);
