namespace OrleansLb.Admin.RateLimits;

/// <summary>What an administrator asks for, in a body because addresses end up in logs.</summary>
/// <param name="Value">The key as requests have it.</param>
internal sealed record LimitKeyQuery(string? Value);
