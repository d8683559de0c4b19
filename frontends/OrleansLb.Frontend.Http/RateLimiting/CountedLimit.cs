using Microsoft.AspNetCore.Http;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Frontend.Http.RateLimiting;

/// <summary>What one request counts against.</summary>
/// <param name="Limiter">The policy, or that of its override for the key.</param>
/// <param name="Key">The key.</param>
internal readonly record struct CountedLimit(PolicyLimiter Limiter, RateLimitKey Key)
{
    public static CountedLimit Of(RateLimiterTable limiters, PolicyLimiter limiter, HttpContext context, string routeId)
    {
        var key = PartitionKey.Of(limiter.Policy, context, routeId);
        return new CountedLimit(limiter.Policy.Overrides.Find(key) is { } other && limiters.Find(other) is { } own ? own : limiter, key);
    }

    /// <summary>Counts a request against a limit that is only tried out: whatever it decides, and however long that takes, the request does not notice.</summary>
    /// <returns>What it has of the limit until it ends.</returns>
    public LimitSlot TryOut(RateLimitMetrics metrics)
    {
        if (Limiter.Policy.Algorithm == RateLimitAlgorithm.Concurrency)
            return SlotTrial.Start(Limiter, Key, metrics);
        _ = CountAlone(metrics);
        return default;
    }

    private async Task CountAlone(RateLimitMetrics metrics) => metrics.Decided(Limiter.Policy.PublicName, await Limiter.Acquire(Key, cost: 1));
}
