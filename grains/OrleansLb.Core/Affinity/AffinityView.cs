using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Affinity;

/// <summary>One version of a pool as a front-end sees it while it decides one request. All spans are indexed like <see cref="PoolDefinition.Backends"/>.</summary>
public readonly ref struct AffinityView
{
    /// <summary>The pool as configured.</summary>
    public required PoolDefinition Pool { get; init; }

    /// <summary>What the cluster holds of each backend.</summary>
    public required ReadOnlySpan<BackendState> States { get; init; }

    /// <summary>The pool version's eligible set: who may be given a new session.</summary>
    public required ReadOnlySpan<bool> Eligible { get; init; }

    /// <summary>Backends that this front-end does not use for the moment, since they refused it a connection; empty when there are none.</summary>
    public ReadOnlySpan<bool> Refused { get; init; }

    internal bool IsRefused(int index) => !Refused.IsEmpty && Refused[index];

    internal bool MayTakeNew(int index) => Eligible[index] && !IsRefused(index);

    // A panicking pool re-admits backends that are Down, and a starting one has Unknown ones: both are then in the eligible set.
    internal bool MayKeep(int index) =>
        !IsRefused(index) && (Eligible[index] || States[index] is BackendState.Up or BackendState.Degraded or BackendState.Draining);
}
