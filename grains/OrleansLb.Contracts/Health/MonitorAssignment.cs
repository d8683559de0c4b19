namespace OrleansLb.Contracts.Health;

/// <summary>What a pool wants of a backend's monitor.</summary>
/// <param name="PoolId">The pool, which is told of each new verdict.</param>
/// <param name="BackendId">The backend.</param>
/// <param name="BackendKey">Its generation's key: another one starts the monitor anew.</param>
/// <param name="Probe">What to probe.</param>
/// <param name="Interval">Time between two probes.</param>
/// <param name="UnhealthyThreshold">Failures in a row that take the backend out.</param>
/// <param name="HealthyThreshold">Successes in a row that bring it back.</param>
/// <param name="Held">What the pool holds to be true of the backend; a monitor that starts goes on from there.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.MonitorAssignment")]
public sealed record MonitorAssignment(
    [property: Id(0)] string PoolId,
    [property: Id(1)] string BackendId,
    [property: Id(2)] ulong BackendKey,
    [property: Id(3)] ProbeRequest Probe,
    [property: Id(4)] TimeSpan Interval,
    [property: Id(5)] int UnhealthyThreshold,
    [property: Id(6)] int HealthyThreshold,
    [property: Id(7)] WireVerdict Held)
{
    /// <summary>Time between two probes while in doubt; <see langword="null"/> for the default.</summary>
    [Id(8)] public TimeSpan? FastInterval { get; init; }

    /// <summary>Jitter in percent of the interval; <see langword="null"/> for the default.</summary>
    [Id(9)] public int? JitterPercent { get; init; }

    /// <summary>The deep check; <see langword="null"/> for none.</summary>
    [Id(10)] public DeepCheckAssignment? Deep { get; init; }
}
