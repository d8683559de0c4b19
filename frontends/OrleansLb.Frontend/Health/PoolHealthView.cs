using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Frontend.Health;

/// <summary>A pool's eligibility, aligned to the backends of the configuration in force. Immutable.</summary>
/// <remarks>
/// A backend that the eligibility does not know yet (the configuration reached this front-end before it reached the pool)
/// waits as one that joins a running pool does, unless nothing else takes new traffic. One that an administrator or its agent took out of service stays out
/// at its new address too.
/// </remarks>
public sealed class PoolHealthView
{
    /// <summary>Epoch of what this front-end found out by itself while the cluster was away.</summary>
    public const long LocalEpoch = 0;

    private const long NoEpoch = -1;

    private readonly ImmutableArray<BackendKey> _keys;
    private readonly FrozenDictionary<BackendKey, BackendStatus> _inherited;
    private readonly BackendStatus[] _statuses;

    internal PoolHealthView(long epoch, PoolEligibility eligibility, ImmutableArray<BackendKey> keys, FrozenDictionary<BackendKey, BackendStatus>? inherited = null)
    {
        Epoch = epoch;
        Eligibility = eligibility;
        _keys = keys;
        _inherited = inherited ?? FrozenDictionary<BackendKey, BackendStatus>.Empty;
        _statuses = Align(eligibility, keys, _inherited);
        OnTrial = [.. Enumerable.Range(0, _statuses.Length).Where(index => _statuses[index].Circuit == CircuitState.HalfOpen)];
    }

    /// <summary>Activation of the pool that said so; <see cref="LocalEpoch"/> for this front-end itself.</summary>
    public long Epoch { get; }

    /// <summary>What was said.</summary>
    public PoolEligibility Eligibility { get; }

    /// <summary>Whether anybody has said anything.</summary>
    public bool IsInformed => Epoch != NoEpoch;

    /// <summary>Before anybody has said anything: what the cluster would say of a pool that begins.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="keys">The pool's backends in the order of their slots.</param>
    internal static PoolHealthView ColdStart(PoolDefinition pool, ImmutableArray<BackendKey> keys) =>
        new(NoEpoch, PoolEligibilityMachine.Configure(PoolEligibilityMachine.Start(0), pool).Next.Published, keys);

    /// <summary>Backends whose circuit waits for a trial, by the index of their slot.</summary>
    public ImmutableArray<int> OnTrial { get; }

    /// <summary>Every backend, in the order of the slots.</summary>
    public ReadOnlySpan<BackendStatus> Statuses => _statuses;

    /// <summary>State of a backend, by the index of its slot.</summary>
    public BackendState StateOf(int index) => _statuses[index].State;

    /// <summary>Whether new sessions and requests without one may go to a backend, by the index of its slot.</summary>
    public bool TakesNew(int index) => _statuses[index].TakesNew;

    /// <summary>Whether sessions bound to a backend may go there, by the index of its slot.</summary>
    public bool TakesPinned(int index) => _statuses[index].TakesPinned;

    /// <summary>What a backend's agent makes of its configured weight, as a factor, by the index of its slot.</summary>
    public double AgentWeightFactor(int index) => _statuses[index].Agent.WeightFactor;

    /// <summary>Since when a backend has been taking new traffic, by the index of its slot; monotonic time of this process, <see langword="null"/> when it was never out.</summary>
    public TimeSpan? EligibleSince(int index) => _statuses[index].EligibleSince;

    /// <summary>The same for other backends.</summary>
    /// <param name="keys">The backends in the order of their slots.</param>
    /// <param name="inherited">What holds of those that the eligibility does not know yet because they moved to another address.</param>
    internal PoolHealthView AlignedTo(ImmutableArray<BackendKey> keys, FrozenDictionary<BackendKey, BackendStatus> inherited) =>
        ReferenceEquals(inherited, _inherited) && keys.AsSpan().SequenceEqual(_keys.AsSpan()) ? this : new PoolHealthView(Epoch, Eligibility, keys, inherited);

    private static BackendStatus[] Align(PoolEligibility eligibility, ImmutableArray<BackendKey> keys, FrozenDictionary<BackendKey, BackendStatus> inherited)
    {
        var isKnown = keys.Any(key => eligibility.TryGet(key, out var status) && status.TakesNew);
        return [.. keys.Select(key => eligibility.TryGet(key, out var status) || inherited.TryGetValue(key, out status)
            ? status
            : new BackendStatus(key, BackendState.Unknown, TakesNew: !isKnown, TakesPinned: true, false, false))];
    }
}
