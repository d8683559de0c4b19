using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.RateLimiting;

/// <summary>The state that a key begins in, by the rule's algorithm.</summary>
internal static class LimitKeys
{
    /// <summary>Nobody used it.</summary>
    public static LimitKey Unused(LimitRule rule, TimeSpan now) => rule.Algorithm switch
    {
        RateLimitAlgorithm.TokenBucket => TokenBucketKey.Unused(rule, now),
        RateLimitAlgorithm.LeakyBucket => LeakyBucketKey.Unused(now),
        RateLimitAlgorithm.SlidingWindowLog => SlidingWindowLogKey.Unused(now),
        _ => WindowKey.Unused(rule, now),
    };

    /// <summary>Nothing is known: it may have admitted all that it can a moment ago.</summary>
    public static LimitKey Unknown(LimitRule rule, TimeSpan now) => rule.Algorithm switch
    {
        RateLimitAlgorithm.TokenBucket => TokenBucketKey.Unknown(rule, now),
        RateLimitAlgorithm.LeakyBucket => LeakyBucketKey.Unknown(rule, now),
        RateLimitAlgorithm.SlidingWindowLog => SlidingWindowLogKey.Exhausted(rule, now),
        _ => WindowKey.Unknown(rule, now),
    };

    /// <summary>Goes on from what the front-ends know of it.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="rows">All that they know of this key, at least one row.</param>
    /// <param name="now">The time.</param>
    public static LimitKey Restored(LimitRule rule, IReadOnlyCollection<RestoreRow> rows, TimeSpan now)
    {
        if (rule.Algorithm == RateLimitAlgorithm.SlidingWindowLog)
            return SlidingWindowLogKey.Restored(rows, now);
        var newest = rows.Aggregate(static (newest, row) => row.Witness.IsNewerThan(newest.Witness) ? row : newest);
        return rule.Algorithm switch
        {
            RateLimitAlgorithm.TokenBucket => TokenBucketKey.Restored(rule, newest.Witness, newest.Age, now),
            RateLimitAlgorithm.LeakyBucket => LeakyBucketKey.Restored(newest.Witness, newest.Age, now),
            _ => WindowKey.Restored(rule, newest.Witness, newest.Age, now),
        };
    }
}
