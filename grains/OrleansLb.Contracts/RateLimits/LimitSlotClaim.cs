namespace OrleansLb.Contracts.RateLimits;

/// <summary>What a front-end has and needs of one key's slots, in absolute numbers; it gives up the answer to every claim of the key before.</summary>
/// <param name="High">Upper half of the key's hash.</param>
/// <param name="Low">Lower half of the key's hash.</param>
/// <param name="Held">Slots that it may have in use until it is answered.</param>
/// <param name="InUse">Slots that it has in use.</param>
/// <param name="Waiting">Slots that are waited for, or were refused since the last claim.</param>
/// <param name="Recent">The most in use a short while ago; 0 where nothing is to be held in reserve.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitSlotClaim")]
public readonly record struct LimitSlotClaim(
    [property: Id(0)] ulong High,
    [property: Id(1)] ulong Low,
    [property: Id(2)] int Held,
    [property: Id(3)] int InUse,
    [property: Id(4)] int Waiting,
    [property: Id(5)] int Recent);
