using OrleansLb.Contracts.RateLimits;
using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Admin.RateLimits;

/// <summary>One key of a rate limit.</summary>
/// <param name="Key">Its hash.</param>
/// <param name="Used">Permits that count at this moment, those in leases included.</param>
/// <param name="Remaining">Permits that are left.</param>
/// <param name="ResetSeconds">How long until nothing counts any more of what was used; <see langword="null"/> for never.</param>
/// <param name="HasOverride">Whether it has numbers of its own.</param>
internal sealed record LimitKeySummary(string Key, double Used, int Remaining, double? ResetSeconds, bool HasOverride)
{
    public static LimitKeySummary Of(in LimitKeyUsage usage, bool hasOverride) => new(
        new RateLimitKey(usage.High, usage.Low).ToString(),
        Math.Round(usage.Used, 3),
        usage.Remaining,
        usage.ResetAfter == TimeSpan.MaxValue ? null : usage.ResetAfter.TotalSeconds,
        hasOverride);
}
