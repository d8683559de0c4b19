namespace OrleansLb.Contracts.Health;

/// <summary>A monitor as status pages show it.</summary>
/// <param name="State">Unknown, Up, Degraded or Down.</param>
/// <param name="StateAge">How long it has been so.</param>
/// <param name="Failures">Failures in a row.</param>
/// <param name="Successes">Successes in a row.</param>
/// <param name="LastProbe">The own silo's last probe; <see langword="null"/> before the first.</param>
/// <param name="ReadmissionIn">How much longer flapping keeps the backend out; zero when it does not.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.MonitorStatus")]
public sealed record MonitorStatus(
    [property: Id(0)] WireBackendState State,
    [property: Id(1)] TimeSpan StateAge,
    [property: Id(2)] int Failures,
    [property: Id(3)] int Successes,
    [property: Id(4)] ProbeReport? LastProbe,
    [property: Id(5)] TimeSpan ReadmissionIn)
{
    /// <summary>The last deep check; <see langword="null"/> before the first, or when there is none.</summary>
    [Id(6)] public ProbeReport? LastDeepCheck { get; init; }

    /// <summary>Deep checks that failed in a row.</summary>
    [Id(7)] public int DeepFailures { get; init; }
}
