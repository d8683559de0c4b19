namespace OrleansLb.Core.Snapshots;

/// <summary>How a front-end decides a rate limit.</summary>
public enum RateLimitMode
{
    /// <summary>Exact until a key is busy enough for a lease to pay, then leased.</summary>
    Auto,

    /// <summary>Every request is decided at the grain, in batches.</summary>
    Exact,

    /// <summary>Requests spend tokens that the grain handed out beforehand.</summary>
    Leased,
}
