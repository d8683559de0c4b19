namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// Whether a front-end still belongs to the cluster's limits. It turns to its share <see cref="SharedAfter"/> the last reply that
/// it received; the cluster sets the share aside <see cref="ReservedAfter"/> the last reply that it is known to have received,
/// which was sent before that. The gap of two ttl covers the leases that were out and any difference of clock rates.
/// </summary>
public static class Reachability
{
    /// <summary>How a front-end stands to the cluster.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="silence">Time since the last reply of any grain, heartbeats included, or since the start of the process.</param>
    /// <param name="before">
    /// How long the cluster had been silent when that began to count: zero after a reply, longer in a process that has its share from the
    /// process before it; <see langword="null"/> for a front-end that was never told a share.
    /// </param>
    public static ReachabilityState Of(LimitRule rule, TimeSpan silence, TimeSpan? before)
    {
        if (silence < WaitingAfter(rule))
            return ReachabilityState.Reachable;
        if (silence < SharedAfter(rule))
            return ReachabilityState.Waiting;
        return silence + before < SharedAfter(rule) + rule.ShareFor ? ReachabilityState.OnItsOwn : ReachabilityState.Expired;
    }

    /// <summary>Silence after which a front-end does not count on an answer.</summary>
    /// <param name="rule">The rule.</param>
    public static TimeSpan WaitingAfter(LimitRule rule) => 3 * rule.LeaseTtl;

    /// <summary>Silence after which a front-end serves its share.</summary>
    /// <param name="rule">The rule.</param>
    public static TimeSpan SharedAfter(LimitRule rule) => 4 * rule.LeaseTtl;

    /// <summary>Time without a proof of hearing after which the cluster sets the share aside.</summary>
    /// <param name="rule">The rule.</param>
    public static TimeSpan ReservedAfter(LimitRule rule) => 2 * rule.LeaseTtl;

    /// <summary>How long the share stays set aside: longer than the front-end serves it, by the clock tolerance.</summary>
    /// <param name="rule">The rule.</param>
    public static TimeSpan ReservedFor(LimitRule rule) =>
        (rule.ShareFor * (1 + (4 * LimitRule.ClockRateTolerance))) + (2 * SharedAfter(rule));
}
