using System.Collections.Immutable;

namespace OrleansLb.Core.Health;

/// <summary>All that the monitor of one backend knows. Times are monotonic, since any origin that one activation keeps.</summary>
public sealed record HealthState
{
    /// <summary>Unknown, Up, Degraded or Down, by probes and suspicions alone.</summary>
    public required BackendState State { get; init; }

    /// <summary>When <see cref="Shown"/> was entered.</summary>
    public required TimeSpan Since { get; init; }

    /// <summary>When <see cref="HealthMachine.Tick"/> must be called at the latest.</summary>
    public TimeSpan Due { get; init; }

    /// <summary>The backend is new and nothing speaks for it yet: Unknown in a running pool, or Down because it has to prove itself.</summary>
    public bool Waiting { get; init; }

    /// <summary>When a <see cref="Waiting"/> backend that is Unknown is admitted unless a probe has failed.</summary>
    public TimeSpan WaitUntil { get; init; }

    /// <summary>Own failures in a row, since the last success or the last disagreement.</summary>
    public int Failures { get; init; }

    /// <summary>Own successes in a row.</summary>
    public int Successes { get; init; }

    /// <summary>When the first of the <see cref="Failures"/> was known.</summary>
    public TimeSpan FirstFailure { get; init; }

    /// <summary>Whether every one of the <see cref="Failures"/> was an answer.</summary>
    public bool AllAnswered { get; init; }

    /// <summary>How the last failed probe ended; <see cref="ProbeOutcomeKind.Success"/> when none failed.</summary>
    public ProbeOutcomeKind LastFailure { get; init; }

    /// <summary>The own silo's last outcome, for status pages.</summary>
    public ProbeOutcome? LastOutcome { get; init; }

    /// <summary>
    /// Whether a Down has a second witness: another silo failed too, a front-end could not connect, or there is no other silo
    /// and no front-end had an answer since the first failure. Pools believe mass removals only with a witness.
    /// </summary>
    public bool Confirmed { get; init; }

    /// <summary>Times at which Down was entered or left within the last minute, oldest first.</summary>
    public ImmutableArray<TimeSpan> Changes { get; init; } = [];

    /// <summary>How often in a row the backend relapsed; each level doubles the wait for re-admission.</summary>
    /// <value>0 (none) to 6 (5 min).</value>
    public int DampingLevel { get; init; }

    /// <summary>Not Up before this, however well probes go.</summary>
    public TimeSpan ReadmitAt { get; init; }

    /// <summary>When Down was last left.</summary>
    public TimeSpan? ReadmittedAt { get; init; }

    /// <summary>The newest answer that any front-end had from the backend.</summary>
    public TimeSpan? FrontendSuccess { get; init; }

    /// <summary>The newest suspicion of any front-end.</summary>
    public TimeSpan? Suspected { get; init; }

    /// <summary>A suspicion that came while another was examined or too soon after; examined at <see cref="SuspicionAllowedAt"/>.</summary>
    public bool SuspicionPending { get; init; }

    /// <summary>Earliest start of the next examination.</summary>
    public TimeSpan SuspicionAllowedAt { get; init; }

    /// <summary>The suspicion being examined.</summary>
    public SuspicionRound? Suspicion { get; init; }

    /// <summary>When the next scheduled probe starts.</summary>
    public TimeSpan NextProbe { get; init; }

    /// <summary>The scheduled probe in flight.</summary>
    public ProbeFlight? Probe { get; init; }

    /// <summary>The second opinion in flight.</summary>
    public ProbeFlight? Opinion { get; init; }

    /// <summary>The deep check; <see langword="null"/> for none.</summary>
    public DeepCheckState? Deep { get; init; }

    /// <summary>Id of the newest probe.</summary>
    public long LastProbeId { get; init; }

    /// <summary><see cref="State"/> as the deep check lets it be seen: a backend that is Up and fails it is Degraded.</summary>
    public BackendState Shown => State == BackendState.Up && Deep is { Failing: true } ? BackendState.Degraded : State;

    /// <summary>What the pool is told.</summary>
    public HealthVerdict Verdict => new(
        Shown,
        Waiting,
        State == BackendState.Down && Confirmed,
        State == BackendState.Down && new ProbeOutcome(LastFailure, 0, TimeSpan.Zero).IsConnectivityFailure)
    {
        FailsDeepCheck = Deep is { Failing: true },
    };
}
