namespace OrleansLb.Contracts.RateLimits;

/// <summary>A front-end's account of its leases of one key, and what it wants next.</summary>
/// <param name="High">Upper half of the key's hash.</param>
/// <param name="Low">Lower half of the key's hash.</param>
/// <param name="Want">Tokens wanted; 0 to report only.</param>
/// <param name="Demand">Tokens a second that the front-end is asked for.</param>
/// <param name="Reports">Every lease that it still knows.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitRenewal")]
public readonly record struct LimitRenewal(
    [property: Id(0)] ulong High,
    [property: Id(1)] ulong Low,
    [property: Id(2)] int Want,
    [property: Id(3)] double Demand,
    [property: Id(4)] LimitGrantReport[] Reports);
