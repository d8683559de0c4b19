namespace OrleansLb.Core.RateLimiting;

/// <summary>One request that asks the grain.</summary>
/// <param name="Key">The key it counts against.</param>
/// <param name="Cost">Permits it needs, at least 1.</param>
public readonly record struct AcquireEntry(RateLimitKey Key, int Cost)
{
    /// <summary>Whether the request may be refused by somebody else once this admits it, so that its permits come back.</summary>
    public bool MayBeGivenBack { get; init; }
}
