namespace OrleansLb.Contracts.RateLimits;

/// <summary>What became of a charge that could be given back. A range that does not know the charge any more leaves it as it is.</summary>
/// <param name="High">Upper half of the key's hash.</param>
/// <param name="Low">Lower half of the key's hash.</param>
/// <param name="Cost">Permits that were taken.</param>
/// <param name="Epoch">Epoch of the reply that took them.</param>
/// <param name="ChargedAt">As the decision said.</param>
/// <param name="ChargeMark">As the decision said.</param>
/// <param name="IsGivenBack">Whether the request did not go on; if it did, the charge is final.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitSettlement")]
public readonly record struct LimitSettlement(
    [property: Id(0)] ulong High,
    [property: Id(1)] ulong Low,
    [property: Id(2)] int Cost,
    [property: Id(3)] long Epoch,
    [property: Id(4)] TimeSpan ChargedAt,
    [property: Id(5)] double ChargeMark,
    [property: Id(6)] bool IsGivenBack);
