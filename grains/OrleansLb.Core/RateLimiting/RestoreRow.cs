namespace OrleansLb.Core.RateLimiting;

/// <summary>What one front-end remembers of one key, told to a new activation.</summary>
/// <param name="Key">The key.</param>
/// <param name="Witness">The newest state that it was told.</param>
/// <param name="Age">Time since it received that, on its own monotonic clock: a lower bound of the true age.</param>
public readonly record struct RestoreRow(RateLimitKey Key, KeyWitness Witness, TimeSpan Age);
