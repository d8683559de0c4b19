namespace OrleansLb.Core.Snapshots;

/// <summary>How the cluster probes the backends of one pool.</summary>
public sealed record ActiveHealthDefinition
{
    /// <summary>Time between two probes of one backend, jittered by a tenth either way.</summary>
    /// <value>Default 5 s; 10 ms to 1 h.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one probe may take.</summary>
    /// <value>Default 2 s; 1 ms to 1 min.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Path of an HTTP probe.</summary>
    /// <value>Default "/".</value>
    public string Path { get; init; } = "/";

    /// <summary>Query of an HTTP probe, with its question mark; empty for none.</summary>
    public string Query { get; init; } = "";

    /// <summary>Failures in a row that take a backend out.</summary>
    /// <value>Default 3; 1 to 100.</value>
    public int UnhealthyThreshold { get; init; } = 3;

    /// <summary>Successes in a row that bring a backend back.</summary>
    /// <value>Default 2; 1 to 100.</value>
    public int HealthyThreshold { get; init; } = 2;
}
