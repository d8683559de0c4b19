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

    /// <summary>Indices of backends that refused this very request; empty at its first attempt. Left whether or not they are held.</summary>
    public ReadOnlySpan<int> Tried { get; init; }

    internal bool MayTakeNew(int index) => Backends[index].TakesNew && !IsLeft(index);

    internal bool MayKeep(int index) => Backends[index].TakesPinned && !IsLeft(index);

    private bool IsLeft(int index) => (Holds is not null && Holds.IsHeld(index, Now)) || Tried.Contains(index);
}
