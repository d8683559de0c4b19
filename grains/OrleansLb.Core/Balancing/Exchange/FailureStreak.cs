namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>
/// Gateway failures of a backend in a row over all front-ends: while they happened, no front-end had any other outcome from it.
/// docs/decisions/0011-outliers-of-the-whole-cluster.md says how runs of front-ends combine, and why this holds.
/// </summary>
/// <param name="Key">The backend.</param>
/// <param name="Length">How many.</param>
/// <param name="Frontends">How many front-ends had some of them.</param>
public readonly record struct FailureStreak(BackendKey Key, int Length, int Frontends);
