namespace OrleansLb.Core.Snapshots;

/// <summary>What a rate limit counts and when it forgets; each states the most it admits.</summary>
public enum RateLimitAlgorithm
{
    /// <summary>At most B + R x in any interval x.</summary>
    TokenBucket,

    /// <summary>Two fixed windows weighted by overlap: at every admission <c>previous * (1 - elapsed / W) + current &lt;= L</c>.</summary>
    SlidingWindowCounter,

    /// <summary>At most L in each window, and so up to 2 L in an interval of length W across a boundary.</summary>
    FixedWindow,

    /// <summary>At most L in any interval of length W.</summary>
    SlidingWindowLog,

    /// <summary>A queue: requests leave it one by one, W / L apart, and are refused when too many wait already.</summary>
    LeakyBucket,

    /// <summary>At most L requests in flight at once; none is forgotten before it ends.</summary>
    Concurrency,
}
