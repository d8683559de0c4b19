namespace OrleansLb.Core.Snapshots;

/// <summary>Which answers tell a client about its rate limit.</summary>
public enum RateLimitHeaders
{
    /// <summary>Those to requests that the limit refused.</summary>
    Rejected,

    /// <summary>Those to all requests that the limit concerns.</summary>
    All,

    /// <summary>None. When a refused client may come back it is told all the same.</summary>
    None,
}
