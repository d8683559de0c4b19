namespace OrleansLb.Contracts.Health;

/// <summary>What a backend's monitor tells its pool.</summary>
/// <param name="State">Unknown, Up, Degraded or Down.</param>
/// <param name="Waiting">The backend is new and has yet to show that it serves.</param>
/// <param name="Confirmed">A Down with a second witness.</param>
/// <param name="Unreachable">A Down whose last failed probe got no answer at all.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.WireVerdict")]
public readonly record struct WireVerdict(
    [property: Id(0)] WireBackendState State,
    [property: Id(1)] bool Waiting,
    [property: Id(2)] bool Confirmed,
    [property: Id(3)] bool Unreachable)
{
    /// <summary>Its deep check fails.</summary>
    [Id(4)] public bool FailsDeepCheck { get; init; }
}
