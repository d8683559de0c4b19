namespace OrleansLb.Core.Snapshots;

/// <summary>
/// When backends of one pool are taken out because of what came of their requests. Meanings and defaults are those of Envoy's
/// <c>envoy.config.cluster.v3.OutlierDetection</c>, applied once for the whole cluster.
/// </summary>
public sealed record OutlierDefinition
{
    /// <summary>Time between two comparisons of the backends with each other.</summary>
    /// <value>Default 10 s; 100 ms to 1 h.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gateway failures in a row over all front-ends that eject a backend at once.</summary>
    /// <value>Default 5; 1 to 100; 0 switches the rule off.</value>
    public int ConsecutiveFailures { get; init; } = 5;

    /// <summary>Length of a first ejection; the n-th in a row is n times as long.</summary>
    /// <value>Default 30 s; 100 ms to 1 day.</value>
    public TimeSpan BaseEjection { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest ejection; never below <see cref="BaseEjection"/>.</summary>
    /// <value>Default 300 s; 100 ms to 1 day.</value>
    public TimeSpan MaxEjection { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Share of the pool that may be ejected at once, rounded down; one backend may be in any case, the last one never.</summary>
    /// <value>Percent of the backends that the administrator leaves in service; default 10; 1 to 100.</value>
    public int MaxEjectionPercent { get; init; } = 10;

    /// <summary>Backends that must have enough answers for their success rates to be compared.</summary>
    /// <value>Default 5; 2 to 1,000.</value>
    public int SuccessRateMinimumHosts { get; init; } = 5;

    /// <summary>Answers in an interval that are enough.</summary>
    /// <value>Default 100; 1 to 1,000,000.</value>
    public int SuccessRateRequestVolume { get; init; } = 100;

    /// <summary>Standard deviations below the mean success rate at which a backend is ejected.</summary>
    /// <value>Default 1.9; up to 10; 0 switches the rule off.</value>
    public double SuccessRateStdevFactor { get; init; } = 1.9;

    /// <summary>Share of server errors that ejects a backend; <see langword="null"/> switches the rule off.</summary>
    /// <value>Percent; default none; 1 to 100.</value>
    public int? FailurePercentThreshold { get; init; }

    /// <summary>Backends that must have enough answers for that rule.</summary>
    /// <value>Default 5; 1 to 1,000.</value>
    public int FailurePercentMinimumHosts { get; init; } = 5;

    /// <summary>Answers in an interval that are enough for that rule.</summary>
    /// <value>Default 50; 1 to 1,000,000.</value>
    public int FailurePercentRequestVolume { get; init; } = 50;

    /// <summary>
    /// A backend whose mean time to answer is above the pool's median by this factor is degraded, and never removed; <see langword="null"/>
    /// switches that off.
    /// </summary>
    /// <value>Default none; 1.1 to 100.</value>
    public double? DegradedLatencyFactor { get; init; }
}
