namespace OrleansLb.Core.Snapshots;

/// <summary>
/// A second probe of a backend that is alive: of what it depends on, say. It may give the backend a smaller share and never removes it, so
/// that a slow database does not take every backend out.
/// </summary>
public sealed record DeepCheckDefinition
{
    /// <summary>What is asked: over HTTP or gRPC.</summary>
    public ProbeDefinition Probe { get; init; } = new HttpProbeDefinition();

    /// <summary>Time between two deep checks of one backend, jittered as its probes are.</summary>
    /// <value>Default 10 s; 10 ms to 1 h.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one may take.</summary>
    /// <value>Default 2 s; 1 ms to 1 min.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Failures in a row that degrade a backend.</summary>
    /// <value>Default 3; 1 to 100.</value>
    public int UnhealthyThreshold { get; init; } = 3;

    /// <summary>Successes in a row that restore its share.</summary>
    /// <value>Default 2; 1 to 100.</value>
    public int HealthyThreshold { get; init; } = 2;
}
