using System.Collections.Immutable;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Frontend.Pools;

/// <summary>
/// The tables of a pool whose policy hashes, over all its configured backends whatever their health, so that every front-end has the same. Made when a
/// configuration is applied, and kept as long as the backends and weights stay the same.
/// </summary>
public sealed class HashTables
{
    private readonly string _policy;
    private readonly ImmutableArray<WeightedBackend> _backends;

    private HashTables(string policy, ImmutableArray<WeightedBackend> backends)
    {
        (_policy, _backends) = (policy, backends);
        if (policy == LoadBalancingPolicyNames.ConsistentHash)
            Ring = HashRing.Build(backends.AsSpan());
        else if (policy != LoadBalancingPolicyNames.Rendezvous)
            Maglev = MaglevTable.Build(backends.AsSpan());
    }

    /// <summary>The backends in the order of the slots.</summary>
    public ReadOnlySpan<WeightedBackend> Backends => _backends.AsSpan();

    /// <summary>The table of every policy but <c>ConsistentHash</c> and <c>Rendezvous</c>. Requests that began under another policy may ask for what this one lacks.</summary>
    public MaglevTable? Maglev { get; }

    /// <summary>The ring of <c>ConsistentHash</c>.</summary>
    public HashRing? Ring { get; }

    /// <summary>The tables of a pool; <see langword="null"/> when its policy does not hash.</summary>
    /// <param name="pool">The pool as configured.</param>
    /// <param name="previous">Those of the version before.</param>
    internal static HashTables? Of(PoolDefinition pool, HashTables? previous)
    {
        var policy = pool.Balancing.Policy;
        if (!LoadBalancingPolicyNames.Hashing.Contains(policy))
            return null;
        ImmutableArray<WeightedBackend> backends = [.. pool.Backends.Select(static backend => new WeightedBackend(backend.Key, backend.Weight))];
        return previous is not null && previous._policy == policy && previous._backends.AsSpan().SequenceEqual(backends.AsSpan())
            ? previous
            : new HashTables(policy, backends);
    }
}
