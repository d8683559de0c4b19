namespace OrleansLb.Core.RateLimiting;

/// <summary>What is left of the limit of one key.</summary>
/// <param name="Remaining">Permits that would be admitted at this moment, one after the other.</param>
/// <param name="ResetAfter">How long until nothing counts any more of what was admitted so far; <see cref="TimeSpan.MaxValue"/> for never.</param>
public readonly record struct LimitQuota(int Remaining, TimeSpan ResetAfter);
