using OrleansLb.Contracts.Backends;

namespace OrleansLb.Grains.Backends;

/// <summary>What is stored of a backend.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.BackendGrainState")]
internal sealed record BackendGrainState
{
    [Id(0)]
    public WireAdminState Admin { get; init; }

    /// <summary>When that was decided, UTC.</summary>
    [Id(1)]
    public DateTimeOffset Since { get; init; }

    [Id(2)]
    public string By { get; init; } = "";

    /// <summary>For a drain: when what is left is cut off, UTC.</summary>
    [Id(3)]
    public DateTimeOffset DrainUntil { get; init; }

    /// <summary>For a drain: the time it was given.</summary>
    [Id(4)]
    public TimeSpan DrainTimeout { get; init; }

    /// <summary>For a drain: when nothing was left, UTC.</summary>
    [Id(5)]
    public DateTimeOffset? DrainedAt { get; init; }
}
