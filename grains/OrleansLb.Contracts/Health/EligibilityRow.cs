using OrleansLb.Contracts.Agents;

namespace OrleansLb.Contracts.Health;

/// <summary>What front-ends are told of one backend.</summary>
/// <param name="BackendKey">Which backend, in which generation.</param>
/// <param name="State">The state in force.</param>
/// <param name="TakesNew">Whether new sessions and requests without one may go there.</param>
/// <param name="TakesPinned">Whether sessions bound to it may go there.</param>
/// <param name="ByPanic">Admitted only because too little of the pool is left.</param>
/// <param name="Held">Down on one witness among too many others at once; kept in service.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.EligibilityRow")]
public readonly record struct EligibilityRow(
    [property: Id(0)] ulong BackendKey,
    [property: Id(1)] WireBackendState State,
    [property: Id(2)] bool TakesNew,
    [property: Id(3)] bool TakesPinned,
    [property: Id(4)] bool ByPanic,
    [property: Id(5)] bool Held)
{
    /// <summary>The ejection behind a Down that no probe stands for; <see langword="null"/> for none.</summary>
    [Id(6)] public WireEjection? Ejection { get; init; }

    /// <summary>Whether the backend answers so slowly that it has a reduced share.</summary>
    [Id(7)] public bool Slow { get; init; }

    /// <summary>For how long the backend has been taking new traffic, when this was sent; <see langword="null"/> when it was never out.</summary>
    [Id(8)] public TimeSpan? EligibleFor { get; init; }

    /// <summary>What the backend's agent says; <see langword="null"/> when it said nothing.</summary>
    [Id(9)] public WireAgentState? Agent { get; init; }

    /// <summary>Whether the state in force is the agent's word.</summary>
    [Id(10)] public bool ByAgent { get; init; }

    /// <summary>What the circuit to the backend carries.</summary>
    [Id(11)] public WireCircuitState Circuit { get; init; }
}
