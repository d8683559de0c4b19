using System.Collections.Immutable;
using OrleansLb.Contracts.Agents;
using OrleansLb.Contracts.Draining;
using OrleansLb.Contracts.Health;

namespace OrleansLb.Contracts.Backends;

/// <summary>One backend in a pool's status.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.BackendStatus")]
public sealed record BackendStatus
{
    /// <summary>Backend id.</summary>
    [Id(0)] public required string BackendId { get; init; }

    /// <summary>Where requests go.</summary>
    [Id(1)] public required string Address { get; init; }

    /// <summary>Generation in force.</summary>
    [Id(2)] public required int Generation { get; init; }

    /// <summary>Configured weight.</summary>
    [Id(3)] public required int Weight { get; init; }

    /// <summary>Name of the state, as <c>Up</c>.</summary>
    [Id(4)] public required string State { get; init; }

    /// <summary>Why it is in that state, in a few words.</summary>
    [Id(5)] public required string Reason { get; init; }

    /// <summary>Time since it entered the state.</summary>
    [Id(6)] public required TimeSpan InStateFor { get; init; }

    /// <summary>Whether requests without a session may go there.</summary>
    [Id(7)] public required bool ForNewSessions { get; init; }

    /// <summary>In flight for the whole cluster.</summary>
    [Id(8)] public required LoadCount InFlight { get; init; }

    /// <summary>In flight by front-end; those without anything are left out.</summary>
    [Id(9)] public required ImmutableDictionary<string, LoadCount> ByFrontend { get; init; }

    /// <summary>How far its drain is; <see langword="null"/> when it does not drain.</summary>
    [Id(10)] public DrainStatus? Drain { get; init; }

    /// <summary>What its agent said last; <see langword="null"/> when it has none, or was not asked yet.</summary>
    [Id(11)] public AgentReport? Agent { get; init; }

    /// <summary>How its circuit stands; <see langword="null"/> in a pool without circuits.</summary>
    [Id(12)] public CircuitStatus? Circuit { get; init; }
}
