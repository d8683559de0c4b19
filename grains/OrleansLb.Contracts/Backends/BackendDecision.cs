namespace OrleansLb.Contracts.Backends;

/// <summary>What an administrator decided about a backend, and what has become of it.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.BackendDecision")]
public sealed record BackendDecision
{
    /// <summary>The decision.</summary>
    [Id(0)] public required WireAdminState State { get; init; }

    /// <summary>When it was made, UTC; <see langword="default"/> when none was ever made.</summary>
    [Id(1)] public required DateTimeOffset Since { get; init; }

    /// <summary>Who made it, for people.</summary>
    [Id(2)] public required string By { get; init; }

    /// <summary>For a drain: how long the backend keeps its sessions and what is in flight there.</summary>
    [Id(3)] public TimeSpan DrainTimeout { get; init; }

    /// <summary>For a drain: how much of that time is left, at the moment of the answer. A span and not a moment, so that the reader's clock does not matter.</summary>
    [Id(4)] public TimeSpan DrainLeft { get; init; }

    /// <summary>For a drain: when nothing was left, UTC; <see langword="null"/> before.</summary>
    [Id(5)] public DateTimeOffset? DrainedAt { get; init; }

    /// <summary>Whether it was made just now: a pool that starts may have read it before it is told.</summary>
    [Id(6)] public bool IsNews { get; init; }
}
