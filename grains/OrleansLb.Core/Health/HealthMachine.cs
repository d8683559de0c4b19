using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Health;

/// <summary>
/// Decides whether one backend serves, from the probes of the monitor's own silo, second opinions of other silos and what
/// front-ends report. Every method takes the state and gives the next one; nothing here waits, probes or reads a clock.
/// </summary>
/// <remarks>
/// <para>Answered failures (wrong status) remove a backend by the own threshold alone. Connectivity failures need the threshold, no other silo that
/// reaches the backend, and no front-end answer newer than the first failure; who disagrees makes it Degraded, and a new round of failures
/// starts counting, so that a backend that dies later is still removed.</para>
/// <para>A suspicion is worth two probes 100 ms apart from each of two silos. If none connects the backend is Down at once. Otherwise the suspicion itself
/// counts for nothing, but its own-silo probes are probes like any other and count in the streaks.</para>
/// <para>A deep check has a streak of its own. While it fails, a backend that is Up is Degraded; nothing else follows from it.</para>
/// <para>With the default jitter and fast interval a hanging backend is Down at the latest after 1.1 x interval + threshold x (timeout + 0.5 s) + timeout
/// + 0.25 s.</para>
/// </remarks>
public static class HealthMachine
{
    /// <summary>A monitor that starts.</summary>
    /// <param name="held">What the pool holds of the backend: Unknown, or the verdict of an earlier activation of the monitor, so that a Down survives it.</param>
    /// <param name="settings">Intervals and thresholds.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="random">In [0, 1): spreads the first probes of many monitors over the fast interval.</param>
    public static HealthState Start(HealthVerdict held, ActiveHealthDefinition settings, TimeSpan now, double random)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var first = now + (HealthTransition.DoubtDelay(settings) * random);
        var deep = HealthTransition.StartDeep(settings.Deep, held.FailsDeepCheck, now, random);
        return new HealthState
        {
            State = held is { State: BackendState.Degraded, FailsDeepCheck: true } ? BackendState.Up : held.State,
            Since = now,
            Waiting = held.Waiting && held.State is BackendState.Unknown or BackendState.Down,
            WaitUntil = now + settings.Interval,
            Confirmed = held.Confirmed,
            LastFailure = LastFailureOf(held),
            NextProbe = first,
            Deep = deep,
            Due = deep?.NextProbe < first ? deep.NextProbe : first,
        };
    }

    /// <summary>Time passed: call at <see cref="HealthState.Due"/>; earlier or more often does no harm.</summary>
    /// <param name="state">State so far.</param>
    /// <param name="settings">Intervals and thresholds.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="random">In [0, 1): jitter.</param>
    public static HealthStep Tick(HealthState state, ActiveHealthDefinition settings, TimeSpan now, double random) =>
        new HealthTransition(state, settings, now, random).Tick();

    /// <summary>A probe ended. Unknown and late ids change nothing.</summary>
    /// <param name="state">State so far.</param>
    /// <param name="settings">Intervals and thresholds.</param>
    /// <param name="probeId">Id of the order.</param>
    /// <param name="outcome">How it ended, at either silo.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="random">In [0, 1): jitter.</param>
    public static HealthStep ProbeCompleted(HealthState state, ActiveHealthDefinition settings, long probeId, in ProbeOutcome outcome, TimeSpan now, double random) =>
        new HealthTransition(state, settings, now, random).Completed(probeId, outcome);

    /// <summary>A probe was ordered from another silo and the cluster has no other.</summary>
    /// <param name="state">State so far.</param>
    /// <param name="settings">Intervals and thresholds.</param>
    /// <param name="probeId">Id of the order.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="random">In [0, 1): jitter.</param>
    public static HealthStep NoOtherSilo(HealthState state, ActiveHealthDefinition settings, long probeId, TimeSpan now, double random) =>
        new HealthTransition(state, settings, now, random).NoOther(probeId);

    /// <summary>A front-end's connection was refused, or reset before the first byte of an answer.</summary>
    /// <param name="state">State so far.</param>
    /// <param name="settings">Intervals and thresholds.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="random">In [0, 1): jitter.</param>
    public static HealthStep Suspected(HealthState state, ActiveHealthDefinition settings, TimeSpan now, double random) =>
        new HealthTransition(state, settings, now, random).Suspected();

    /// <summary>A front-end had an answer from the backend.</summary>
    /// <param name="state">State so far.</param>
    /// <param name="at">When its first byte arrived, in this monitor's time: the time of receipt less the age that the front-end reported.</param>
    public static HealthState FrontendSucceeded(HealthState state, TimeSpan at)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.FrontendSuccess >= at ? state : state with { FrontendSuccess = at };
    }

    /// <summary>The settings changed: a shorter interval applies from now on, not from the next probe on; a deep check begins or ends.</summary>
    /// <param name="state">State so far.</param>
    /// <param name="settings">The new intervals and thresholds.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="random">In [0, 1): jitter.</param>
    public static HealthStep Reconfigured(HealthState state, ActiveHealthDefinition settings, TimeSpan now, double random) =>
        new HealthTransition(state, settings, now, random).Reconfigured();

    private static ProbeOutcomeKind LastFailureOf(HealthVerdict held) =>
        held.Unreachable ? ProbeOutcomeKind.Refused
        : held.State == BackendState.Down && !held.IsUnproven ? ProbeOutcomeKind.WrongStatus
        : ProbeOutcomeKind.Success;
}
