namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// Whether a front-end still belongs to the cluster's limits. It turns to its share <see cref="SharedAfter"/> the last reply that
/// it received; the cluster sets the share aside <see cref="ReservedAfter"/> the last reply that it is known to have received,
/// which was sent before that. The gap of two ttl covers the leases that were out and any difference of clock rates.
/// </summary>
/// <remarks>Not thread-safe; replies are those of any grain, heartbeats included.</remarks>
/// <param name="rule">The rule.</param>
/// <param name="now">Start of this front-end.</param>
public sealed class Reachability(LimitRule rule, TimeSpan now)
{
    private TimeSpan _heardAt = now;
    private bool _everHeard;

    /// <summary>The state at a time.</summary>
    /// <param name="now">The time.</param>
    public ReachabilityState At(TimeSpan now)
    {
        var silence = now - _heardAt;
        if (silence < 3 * rule.LeaseTtl)
            return ReachabilityState.Reachable;
        if (silence < SharedAfter(rule))
            return ReachabilityState.Waiting;
        return _everHeard && silence < SharedAfter(rule) + rule.ShareFor ? ReachabilityState.OnItsOwn : ReachabilityState.Expired;
    }

    /// <summary>A reply was received: any share in use ends now.</summary>
    /// <param name="now">The time.</param>
    public void Heard(TimeSpan now)
    {
        _everHeard = true;
        if (now > _heardAt)
            _heardAt = now;
    }

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
