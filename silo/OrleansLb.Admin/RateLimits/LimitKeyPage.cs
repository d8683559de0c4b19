namespace OrleansLb.Admin.RateLimits;

/// <summary>The keys of a rate limit of which most is used.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Keys">The keys, the most used first.</param>
internal sealed record LimitKeyPage(string Policy, LimitKeySummary[] Keys);
