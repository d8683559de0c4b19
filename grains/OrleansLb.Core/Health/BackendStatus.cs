using OrleansLb.Core.Draining;

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
    /// <summary>
    /// The verdict that such a status comes from, for whoever goes on from it: what a status does not tell is read so that nothing
    /// dead is admitted.
    /// </summary>
    public HealthVerdict ImpliedVerdict => State switch
    {
        BackendState.Down => new HealthVerdict(BackendState.Down, false, true, Unreachable: !ByPanic),
        BackendState.Draining when !TakesPinned => new HealthVerdict(BackendState.Down, false, true, true),
        BackendState.Up or BackendState.Degraded => new HealthVerdict(State, false, false, false),
        BackendState.Unknown when !TakesNew => HealthVerdict.Joining,
        _ => HealthVerdict.Unknown,
    };

    /// <summary>The administrator's word behind such a status.</summary>
    public AdminState ImpliedAdmin => State switch
    {
        BackendState.Draining or BackendState.Drained => AdminState.Draining,
        BackendState.Maintenance => AdminState.Maintenance,
        _ => AdminState.Active,
    };

    /// <summary>How far the drain behind such a status is. One that is closing is read as one that is not yet: closing is quick, and begins again.</summary>
    public DrainPhase ImpliedDrain => State == BackendState.Drained ? DrainPhase.Drained : DrainPhase.Finishing;
}
