using OrleansLb.Contracts.Health;

namespace OrleansLb.Contracts.Backends;

/// <summary>One change of a backend's state, as it is kept in its history. For people: nothing is decided by it.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.BackendStateChange")]
public sealed record BackendStateChange
{
    /// <summary>When the pool changed its mind, UTC, by the clock of its silo.</summary>
    [Id(0)] public required DateTimeOffset When { get; init; }

    /// <summary>Generation of the backend.</summary>
    [Id(1)] public required int Generation { get; init; }

    /// <summary>State before; <see langword="null"/> when it was not in the pool.</summary>
    [Id(2)] public required WireBackendState? From { get; init; }

    /// <summary>State after; <see langword="null"/> when it left the pool.</summary>
    [Id(3)] public required WireBackendState? To { get; init; }

    /// <summary>Whether requests without a session, and new sessions, went there from then on.</summary>
    [Id(4)] public required bool TakesNew { get; init; }

    /// <summary>Whether sessions that are bound to it went there from then on.</summary>
    [Id(5)] public required bool TakesPinned { get; init; }

    /// <summary>What made it change.</summary>
    [Id(6)] public required WireStateChangeCause Cause { get; init; }

    /// <summary>On what evidence, in words.</summary>
    [Id(7)] public required string Evidence { get; init; }

    /// <summary>Who said so: the administrator, or the silo that held the pool.</summary>
    [Id(8)] public required string By { get; init; }
}
