using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Health;

/// <summary>What a backend's monitor tells its pool.</summary>
/// <param name="State">Unknown, Up, Degraded or Down; the other states are an administrator's.</param>
/// <param name="Waiting">The backend is new and has yet to show that it serves: no new traffic.</param>
/// <param name="Confirmed">A Down that somebody besides the monitor's own silo vouches for; see <see cref="HealthState.Confirmed"/>.</param>
/// <param name="Unreachable">The last failed probe got no answer at all, so that re-admitting in a panic would be hopeless.</param>
public readonly record struct HealthVerdict(BackendState State, bool Waiting, bool Confirmed, bool Unreachable)
{
    /// <summary>Its deep check fails, which makes it Degraded if it is Up otherwise.</summary>
    public bool FailsDeepCheck { get; init; }

    /// <summary>Has to prove itself before anything, a panic included, may send traffic there.</summary>
    public bool IsUnproven => State == BackendState.Down && Waiting;

    /// <summary>No evidence, and traffic is welcome: a backend at the cold start of its pool.</summary>
    public static HealthVerdict Unknown => new(BackendState.Unknown, false, false, false);

    /// <summary>No evidence yet, and the rest of the pool can carry the traffic until there is some.</summary>
    public static HealthVerdict Joining => new(BackendState.Unknown, true, false, false);

    /// <summary>No evidence, and the configuration wants some before any traffic; its word stands for a second witness.</summary>
    public static HealthVerdict Unproven => new(BackendState.Down, true, true, false);

    /// <summary>What a new backend counts as.</summary>
    /// <param name="initial">What the configuration says.</param>
    /// <param name="joins">Whether its pool runs already.</param>
    public static HealthVerdict Of(InitialHealth initial, bool joins) => initial switch
    {
        InitialHealth.Healthy => new HealthVerdict(BackendState.Up, false, false, false),
        InitialHealth.Unhealthy => Unproven,
        _ => joins ? Joining : Unknown,
    };
}
