namespace OrleansLb.Core.Snapshots;

/// <summary>What a rate limit counts and when it forgets; each states the most it admits in any interval x.</summary>
public enum RateLimitAlgorithm
{
    /// <summary>At most B + R x.</summary>
    TokenBucket,

    /// <summary>Two fixed windows weighted by overlap: at every admission <c>previous * (1 - elapsed / W) + current &lt;= L</c>.</summary>
    SlidingWindowCounter,
}
