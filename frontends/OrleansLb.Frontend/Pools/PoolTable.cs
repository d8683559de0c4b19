using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansLb.Configuration;
using OrleansLb.Core;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Health;

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

    /// <summary>Raised after a pool's eligibility or its local holds changed, on any thread; handlers must not block.</summary>
    public event Action<FrontendPool>? HealthChanged;

    /// <summary>Applies a configuration: slots of backends whose key is unchanged are kept with their counts.</summary>
    /// <param name="snapshot">The configuration to serve from now on.</param>
    /// <param name="failed">
    /// Told which type's handler of <see cref="Changed"/> threw what, and the others are called nevertheless; without it the first exception is the caller's.
    /// </param>
    public void Apply(ClusterSnapshot snapshot, Action<string, Exception>? failed = null)
    {
        FrozenDictionary<string, FrontendPool> next;
        lock (_writer)
        {
            next = snapshot.Pools.Values
                .Select(definition => new FrontendPool(definition, Slots(definition), _pools.GetValueOrDefault(definition.Id)))
                .ToFrozenDictionary(static pool => pool.Definition.Id, StringComparer.OrdinalIgnoreCase);
            var before = _pools;
            Volatile.Write(ref _pools, next);
            OpenBoards(before, next);
        }

        if (failed is null)
            Changed?.Invoke(next);
        else
            Changed.Notify(next, failed);
    }

    /// <summary>Changes what is held to be true of a pool's backends, whichever version of the pool is in force by then.</summary>
    /// <param name="poolId">The pool.</param>
    /// <param name="change">From the view in force to the next; <see langword="null"/> leaves it.</param>
    internal void ChangeHealth(string poolId, Func<PoolHealthView, PoolHealthView?> change)
    {
        FrontendPool? pool;
        lock (_writer)
        {
            if (!_pools.TryGetValue(poolId, out pool) || change(pool.Health) is not { } next)
                return;
            pool.Health = next.AlignedTo(pool.Keys, pool.Inherited);
        }

        HealthChanged?.Invoke(pool);
    }

    /// <summary>Says that local holds of a pool began or ended.</summary>
    /// <param name="pool">The pool.</param>
    internal void HoldsChanged(FrontendPool pool) => HealthChanged?.Invoke(pool);

    private static void OpenBoards(FrozenDictionary<string, FrontendPool> before, FrozenDictionary<string, FrontendPool> next)
    {
        foreach (var (id, pool) in next)
        {
            if (!ReferenceEquals(pool.Board, before.GetValueOrDefault(id)?.Board))
                pool.Board.Open();
        }
    }

    private ImmutableArray<BackendSlot> Slots(PoolDefinition definition)
    {
        var known = _pools.TryGetValue(definition.Id, out var pool)
            ? pool.Slots.ToDictionary(static slot => slot.Definition.Key)
            : new Dictionary<BackendKey, BackendSlot>();
        // Where only an agent says a limit, there is none before it has: nobody waits for the exchange of slots to look at what is new.
        var isOpen = definition.Concurrency is { MaxRequestsPerBackend: null };
        var wasCounted = pool?.Definition.Concurrency is not null;
        var slots = ImmutableArray.CreateBuilder<BackendSlot>(definition.Backends.Length);
        foreach (var backend in definition.Backends)
        {
            var isKnown = known.ContainsKey(backend.Key);
            slots.Add(Slot(known, backend));
            if (isOpen && !(isKnown && wasCounted))
                slots[^1].Gate.Open();
        }

        return slots.MoveToImmutable();
    }

    private static BackendSlot Slot(Dictionary<BackendKey, BackendSlot> known, BackendDefinition backend)
    {
        if (!known.TryGetValue(backend.Key, out var slot))
            return new BackendSlot(backend);
        slot.Definition = backend;
        return slot;
    }
}
