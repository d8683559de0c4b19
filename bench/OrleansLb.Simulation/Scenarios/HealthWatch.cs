using OrleansLb.Core.Snapshots;

namespace OrleansLb.Simulation.Scenarios;

/// <summary>How backends are watched. Times are in mean service times.</summary>
public sealed record HealthWatch
{
    /// <summary>From a backend's failure to the pool's verdict that it is out.</summary>
    public double Detection { get; init; } = 25;

    /// <summary>From its return to the verdict that it takes traffic again.</summary>
    public double Recovery { get; init; } = 25;

    /// <summary>How long a front-end waits for an answer of a backend that hangs.</summary>
    public double Patience { get; init; } = 50;

    /// <summary>How a backend that comes back is given its traffic; <see langword="null"/> for all at once.</summary>
    public SlowStartDefinition? SlowStart { get; init; }
}
