namespace OrleansLb.Contracts.RateLimits;

/// <summary>How much of its limit one key has used, for operators.</summary>
/// <param name="High">Upper half of the key's hash.</param>
/// <param name="Low">Lower half of the key's hash.</param>
/// <param name="Used">Permits that count at this moment, those in leases included.</param>
/// <param name="Remaining">Permits that are left.</param>
/// <param name="ResetAfter">How long until nothing counts any more of what was used; <see cref="TimeSpan.MaxValue"/> for never.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitKeyUsage")]
public readonly record struct LimitKeyUsage(
    [property: Id(0)] ulong High,
    [property: Id(1)] ulong Low,
    [property: Id(2)] double Used,
    [property: Id(3)] int Remaining,
    [property: Id(4)] TimeSpan ResetAfter);
