using OrleansLb.Core.Agents;
using OrleansLb.Core.Draining;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Core.Health.Outliers;

namespace OrleansLb.Core.Health;

/// <summary>What front-ends are told of one backend.</summary>
/// <param name="Key">Which backend, in which generation.</param>
/// <param name="State">The state in force, for choosing weights and for people.</param>
/// <param name="TakesNew">Whether requests without a session, and new sessions, may go there.</param>
/// <param name="TakesPinned">Whether sessions that are bound to it may go there.</param>
/// <param name="ByPanic">Admitted only because too little of the pool is left.</param>
/// <param name="Held">Down by one silo's word among too many others at once; kept (as Degraded) until there is a second witness.</param>
public readonly record struct BackendStatus(BackendKey Key, BackendState State, bool TakesNew, bool TakesPinned, bool ByPanic, bool Held)
{
    /// <summary>The ejection behind a <see cref="BackendState.Down"/>, where no probe says so; its time is that of whoever holds the status.</summary>
    public Ejection? Ejection { get; init; }

    /// <summary>Whether the backend answers so slowly that it has a reduced share.</summary>
    public bool Slow { get; init; }

    /// <summary>What the backend's agent says: the weight counts for every policy that knows weights.</summary>
    public AgentState Agent { get; init; }

    /// <summary>What the circuit to the backend carries; unless closed, that is what is behind a <see cref="BackendState.Down"/>.</summary>
    public CircuitState Circuit { get; init; }

    /// <summary>Whether <see cref="State"/> is the agent's word, and not that of the administrator or of evidence.</summary>
    public bool ByAgent { get; init; }

    /// <summary>
    /// Since when the backend has been taking new traffic, on the clock of whoever holds the status; <see langword="null"/> when it was never out. Filled in by
    /// <see cref="EligibleTimes"/> and no part of what makes a new version.
    /// </summary>
    public TimeSpan? EligibleSince { get; init; }

    /// <summary>What requests say, behind such a status.</summary>
    public OutlierVerdict ImpliedOutlier => new(Ejection, Slow);

    /// <summary>
    /// The verdict that such a status comes from, for whoever goes on from it: what a status does not tell is read so that nothing
    /// dead is admitted.
    /// </summary>
    public HealthVerdict ImpliedVerdict => State switch
    {
        _ when Circuit != CircuitState.Closed || Ejection is not null => HealthVerdict.Unknown,
        BackendState.Degraded when Slow => HealthVerdict.Unknown,
        BackendState.Down when ByAgent => HealthVerdict.Unknown,
        BackendState.Down => new HealthVerdict(BackendState.Down, false, true, Unreachable: !ByPanic),
        BackendState.Draining when !TakesPinned => new HealthVerdict(BackendState.Down, false, true, true),
        BackendState.Up or BackendState.Degraded => new HealthVerdict(State, false, false, false),
        BackendState.Unknown when !TakesNew => HealthVerdict.Joining,
        _ => HealthVerdict.Unknown,
    };

    /// <summary>The administrator's word behind such a status.</summary>
    public AdminState ImpliedAdmin => State switch
    {
        _ when ByAgent => AdminState.Active,
        BackendState.Draining or BackendState.Drained => AdminState.Draining,
        BackendState.Maintenance => AdminState.Maintenance,
        _ => AdminState.Active,
    };

    /// <summary>How far the drain behind such a status is. One that is closing is read as one that is not yet: closing is quick, and begins again.</summary>
    public DrainPhase ImpliedDrain => State == BackendState.Drained ? DrainPhase.Drained : DrainPhase.Finishing;
}
