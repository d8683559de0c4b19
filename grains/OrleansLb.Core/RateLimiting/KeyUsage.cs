namespace OrleansLb.Core.RateLimiting;

/// <summary>How much of its limit one key has used, for operators.</summary>
/// <param name="Key">The key.</param>
/// <param name="Used">Permits that count at this moment, those in leases included; of a leaky bucket the turns that are given and yet to come.</param>
/// <param name="Quota">What is left.</param>
public readonly record struct KeyUsage(RateLimitKey Key, double Used, LimitQuota Quota);
