using OrleansLb.Contracts.Backends;
using OrleansLb.Core.Draining;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Grains.Backends;

/// <summary>One draining backend, as its pool watches it.</summary>
internal sealed class PoolDrain(BackendDefinition backend, DrainState state)
{
    public BackendDefinition Backend { get; } = backend;

    public DrainState State { get; set; } = state;

    /// <summary>What was decided; <see langword="null"/> while it cannot be read.</summary>
    public BackendDecision? Decision { get; set; }

    /// <summary>When what is left is cut off, UTC, for people.</summary>
    public DateTimeOffset? Until { get; set; }

    /// <summary>What the front-ends said last.</summary>
    public FrontendDrain[] Answers { get; set; } = [];

    /// <summary>Whether the end of the drain still has to be stored.</summary>
    public bool IsUnreported => State.Phase == DrainPhase.Drained && Decision is { DrainedAt: null };

    /// <summary>Whether the grain that keeps the decision is being called.</summary>
    public bool IsCalling { get; set; }

    /// <summary>When the grain that keeps the decision may be called again.</summary>
    public TimeSpan CallAgainAt { get; set; }
}
