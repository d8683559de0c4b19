using OrleansLb.Contracts.Backends;

namespace OrleansLb.Contracts.Events;

/// <summary>
/// Something that happened in the cluster, for people and audit; no decision depends on it. One record for all kinds, so that a reader of
/// an earlier version takes a kind that it does not know for one of these with a strange number.
/// </summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.ClusterEvent")]
public sealed record ClusterEvent
{
    /// <summary>What it is about.</summary>
    [Id(0)] public required ClusterEventKind Kind { get; init; }

    /// <summary>When it happened, UTC, by the clock of the silo that says so.</summary>
    [Id(1)] public DateTimeOffset When { get; init; }

    /// <summary>Life of the silo that says so.</summary>
    [Id(2)] public string Source { get; init; } = "";

    /// <summary>Grows with each event of one source; a number that was seen before is a repetition.</summary>
    [Id(3)] public long Sequence { get; init; }

    /// <summary>The pool; <see langword="null"/> when it is not about one.</summary>
    [Id(4)] public string? PoolId { get; init; }

    /// <summary>The backend; <see langword="null"/> when it is not about one.</summary>
    [Id(5)] public string? BackendId { get; init; }

    /// <summary>The change of the backend's state; <see langword="null"/> when it is about something else.</summary>
    [Id(6)] public BackendStateChange? Change { get; init; }

    /// <summary>The front-end; <see langword="null"/> when it is not about one.</summary>
    [Id(7)] public string? FrontendId { get; init; }

    /// <summary>The silo that joined or left; <see langword="null"/> when it is not about one.</summary>
    [Id(8)] public string? SiloName { get; init; }

    /// <summary>Version of the configuration in force; <see langword="null"/> when it is not about one.</summary>
    [Id(9)] public long? Version { get; init; }

    /// <summary>What happened, in words.</summary>
    [Id(10)] public string Detail { get; init; } = "";

    /// <summary>Who made it happen; empty when nobody in particular did.</summary>
    [Id(11)] public string By { get; init; } = "";

    /// <summary>Grows from event to event of the cluster, so that a reader can go on after one; 0 before the stream was read, and from a silo that gives none.</summary>
    [Id(12)] public long Id { get; init; }
}
