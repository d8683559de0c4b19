using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// The share 1/N of a limit that a front-end serves while it cannot reach the cluster. It starts from nothing, because what was
/// left of the limit when contact broke is still being admitted elsewhere. Thread-safe.
/// </summary>
public sealed class LocalShare
{
    private readonly Lock _lock = new();
    private readonly LimitRule _rule;
    private readonly KeyTable _keys;

    /// <summary>Starts serving a share.</summary>
    /// <param name="rule">The policy's numbers.</param>
    /// <param name="parts">N.</param>
    /// <param name="capacity">Most keys that get a state of their own.</param>
    /// <param name="now">The time.</param>
    public LocalShare(LimitRule rule, int parts, int capacity, TimeSpan now)
    {
        _rule = rule.Scaled(1.0 / Math.Max(1, parts)) with { Mode = RateLimitMode.Exact };
        _keys = new KeyTable(capacity, rule.Algorithm == RateLimitAlgorithm.TokenBucket
            ? TokenBucketKey.Unknown(_rule, now)
            : SlidingWindowKey.Exhausted(_rule, now));
    }

    /// <summary>Admits or refuses.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cost">Permits needed.</param>
    /// <param name="now">The time.</param>
    /// <param name="retryAfter">If refused: when to try again; <see cref="TimeSpan.MaxValue"/> for never.</param>
    public bool TryAdmit(RateLimitKey key, int cost, TimeSpan now, out TimeSpan retryAfter)
    {
        lock (_lock)
        {
            var state = _keys.Find(_rule, key, now);
            var admitted = state is not null && state.TryAcquire(_rule, cost);
            retryAfter = admitted ? TimeSpan.Zero : state?.RetryAfter(_rule, cost) ?? _rule.LeaseTtl;
            return admitted;
        }
    }
}
