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
        _rule = rule.Scaled(1.0 / Math.Max(1, parts)) with
        {
            Mode = RateLimitMode.Exact,
            // Windows of its own would lie across two of the range's and admit two shares in one of those.
            Algorithm = rule.Algorithm == RateLimitAlgorithm.FixedWindow ? RateLimitAlgorithm.SlidingWindowLog : rule.Algorithm,
        };
        _keys = new KeyTable(capacity, LimitKeys.Unknown(_rule, now));
    }

    /// <summary>Admits or refuses.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cost">Permits needed.</param>
    /// <param name="now">The time.</param>
    /// <param name="wait">If refused: when to try again; <see cref="TimeSpan.MaxValue"/> for never. If admitted: how long to wait for its turn.</param>
    public bool TryAdmit(RateLimitKey key, int cost, TimeSpan now, out TimeSpan wait)
    {
        lock (_lock)
        {
            wait = _rule.LeaseTtl;
            if (_keys.Find(_rule, key, now) is not { } state)
                return false;
            var admitted = state.TryAcquire(_rule, cost, out wait);
            wait = admitted ? wait : state.RetryAfter(_rule, cost);
            return admitted;
        }
    }
}
