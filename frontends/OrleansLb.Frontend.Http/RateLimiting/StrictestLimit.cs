using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Frontend.Http.RateLimiting;

/// <summary>What several limits decided together, and the one that a client hears of: the one that refused, or the one of which least is left.</summary>
/// <param name="Policy">That limit; <see langword="null"/> when none concerned the request, or one is not known here.</param>
/// <param name="Outcome">Its decision.</param>
internal readonly record struct StrictestLimit(RateLimitPolicyDefinition? Policy, LimitOutcome Outcome)
{
    /// <summary>What the request has of limits of requests in flight, until it ends; <see langword="null"/> for nothing.</summary>
    public LimitRound? Held { get; init; }
}
