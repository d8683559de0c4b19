using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Affinity;

/// <summary>One version of a pool as a front-end sees it while it decides one request.</summary>
public readonly ref struct AffinityView
{
    /// <summary>The pool as configured.</summary>
    public required PoolDefinition Pool { get; init; }

    /// <summary>What the cluster holds of each of <see cref="PoolDefinition.Backends"/>, in that order.</summary>
    public required ReadOnlySpan<BackendStatus> Backends { get; init; }

    /// <summary>Backends that this front-end does not use for a moment, since they refused it a connection; <see langword="null"/> for none.</summary>
    public LocalHolds? Holds { get; init; }

    /// <summary>Monotonic time, for <see cref="Holds"/>.</summary>
    public TimeSpan Now { get; init; }

    internal bool MayTakeNew(int index) => Backends[index].TakesNew && !IsHeld(index);

    internal bool MayKeep(int index) => Backends[index].TakesPinned && !IsHeld(index);

    private bool IsHeld(int index) => Holds is not null && Holds.IsHeld(index, Now);
}
