namespace OrleansLb.Core.RateLimiting;

/// <summary>The rule of <see cref="Snapshots.RateLimitMode.Auto"/>: when a lease is worth its tokens being out.</summary>
public static class LeaseChoice
{
    /// <summary>Tokens that each holder must be able to have, or leases only keep tokens away from those who ask.</summary>
    private const int LeastTokens = 2;

    /// <summary>Whether what may be leased is enough for the holders that share the key.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="holders">Front-ends that hold or ask for leases of the key.</param>
    public static bool IsEnoughFor(LimitRule rule, int holders) => rule.LeaseCap >= LeastTokens * Math.Max(1, holders);

    /// <summary>Whether a front-end does better with a lease than with asking for each request.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="holders">Front-ends that hold or ask for leases of the key.</param>
    /// <param name="demand">Tokens a second that this front-end is asked for.</param>
    /// <param name="roundTrip">Time of one call to the grain.</param>
    public static bool Pays(LimitRule rule, int holders, double demand, TimeSpan roundTrip)
    {
        if (!IsEnoughFor(rule, holders) || demand * rule.LeaseLength.TotalSeconds / 2 < LeastTokens || rule.LeaseLength < 2 * roundTrip)
            return false;
        if (rule.Algorithm == Snapshots.RateLimitAlgorithm.LeakyBucket && demand < rule.Rate / Math.Max(1, holders))
            return false;
        return rule.LeaseCap / Math.Max(1, holders) >= PaceOf(rule, demand) * 2 * roundTrip.TotalSeconds;
    }

    // Turns are not spent faster than they come, however many want one. Where fewer do than there are turns, each waits longer for its front-end's own.
    private static double PaceOf(LimitRule rule, double demand) =>
        rule.Algorithm == Snapshots.RateLimitAlgorithm.LeakyBucket ? Math.Min(demand, rule.Rate) : demand;
}
