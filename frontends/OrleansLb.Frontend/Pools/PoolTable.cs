using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansLb.Core;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Frontend.Pools;

/// <summary>The pools of the version in force; replaced as a whole when a configuration is applied.</summary>
public sealed class PoolTable
{
    private readonly Lock _writer = new();
    private FrozenDictionary<string, FrontendPool> _pools = FrozenDictionary<string, FrontendPool>.Empty;

    /// <summary>Pools by id; one reference, read once per request.</summary>
    public FrozenDictionary<string, FrontendPool> Current => Volatile.Read(ref _pools);

    /// <summary>Raised after <see cref="Current"/> was replaced, on the thread that applied the configuration.</summary>
    public event Action<FrozenDictionary<string, FrontendPool>>? Changed;

    /// <summary>Applies a configuration: slots of backends whose key is unchanged are kept with their counts.</summary>
    /// <param name="snapshot">The configuration to serve from now on.</param>
    public void Apply(ClusterSnapshot snapshot)
    {
        FrozenDictionary<string, FrontendPool> next;
        lock (_writer)
        {
            next = snapshot.Pools.Values
                .Select(definition => new FrontendPool(definition, Slots(definition)))
                .ToFrozenDictionary(static pool => pool.Definition.Id, StringComparer.OrdinalIgnoreCase);
            Volatile.Write(ref _pools, next);
        }

        Changed?.Invoke(next);
    }

    private ImmutableArray<BackendSlot> Slots(PoolDefinition definition)
    {
        var known = _pools.TryGetValue(definition.Id, out var pool)
            ? pool.Slots.ToDictionary(static slot => slot.Definition.Key)
            : new Dictionary<BackendKey, BackendSlot>();
        return [.. definition.Backends.Select(backend => Slot(known, backend))];
    }

    private static BackendSlot Slot(Dictionary<BackendKey, BackendSlot> known, BackendDefinition backend)
    {
        if (!known.TryGetValue(backend.Key, out var slot))
            return new BackendSlot(backend);
        slot.Definition = backend;
        return slot;
    }
}
