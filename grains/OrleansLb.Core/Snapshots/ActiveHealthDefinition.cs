namespace OrleansLb.Core.Snapshots;

/// <summary>How the cluster probes the backends of one pool.</summary>
public sealed record ActiveHealthDefinition
{
    /// <summary>Time between two probes of one backend.</summary>
    /// <value>Default 5 s; 10 ms to 1 h.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between two probes while in doubt; the interval where that is shorter.</summary>
    /// <value>Default 0.5 s; 10 ms to 1 min.</value>
    public TimeSpan FastInterval { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How much longer or shorter than <see cref="Interval"/> a time between two probes may be, so that many monitors do not march in step.</summary>
    /// <value>Percent of the interval, 0 to 50; default 10.</value>
    public int JitterPercent { get; init; } = 10;

    /// <summary>How long one probe may take.</summary>
    /// <value>Default 2 s; 1 ms to 1 min.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Failures in a row that take a backend out.</summary>
    /// <value>Default 3; 1 to 100.</value>
    public int UnhealthyThreshold { get; init; } = 3;

    /// <summary>Successes in a row that bring a backend back.</summary>
    /// <value>Default 2; 1 to 100.</value>
    public int HealthyThreshold { get; init; } = 2;

    /// <summary>What a backend counts as before it was probed.</summary>
    public InitialHealth InitialState { get; init; } = InitialHealth.Unknown;

    /// <summary>What is asked.</summary>
    public ProbeDefinition Probe { get; init; } = new HttpProbeDefinition();

    /// <summary>How backends are met that speak TLS; <see langword="null"/> where the machine's roots count and no certificate is shown.</summary>
    public ProbeTlsDefinition? Tls { get; init; }

    /// <summary>The deep check; <see langword="null"/> for none.</summary>
    public DeepCheckDefinition? Deep { get; init; }
}
