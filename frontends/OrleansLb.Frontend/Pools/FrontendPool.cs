using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Concurrency;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Reporting;
using OrleansLb.Frontend.Retries;

namespace OrleansLb.Frontend.Pools;

/// <summary>One pool of the version in force, with this front-end's slots aligned to the definition's backends.</summary>
public sealed class FrontendPool
{
    private readonly FrozenDictionary<BackendKey, int> _indexByKey;
    private PoolHealthView _health;

    public FrontendPool(PoolDefinition definition, ImmutableArray<BackendSlot> slots, FrontendPool? previous = null)
    {
        Definition = definition;
        Slots = slots;
        IndexById = Enumerable.Range(0, slots.Length)
            .ToFrozenDictionary(index => definition.Backends[index].Id, StringComparer.OrdinalIgnoreCase);
        Keys = [.. slots.Select(static slot => slot.Definition.Key)];
        _indexByKey = definition.Session is null
            ? FrozenDictionary<BackendKey, int>.Empty
            : Enumerable.Range(0, slots.Length).ToFrozenDictionary(index => Keys[index]);
        Holds = new LocalHolds(Keys, previous?.Holds);
        Load = previous?.Load ?? new SharedLoad();
        Board = previous is not null && previous.Board.Slots.SequenceEqual(slots) ? previous.Board : new LoadBoard(slots);
        Retries = previous?.Retries ?? new PoolRetries();
        Tables = HashTables.Of(definition, previous?.Tables);
        Admission = previous?.Admission ?? new PoolAdmission();
        Inherited = previous is null ? FrozenDictionary<BackendKey, BackendStatus>.Empty : Moved(previous, slots);
        _health = previous?.Health is { IsInformed: true } known ? known.AlignedTo(Keys, Inherited) : PoolHealthView.ColdStart(definition, Keys);
    }

    /// <summary>The pool as configured.</summary>
    public PoolDefinition Definition { get; }

    /// <summary>One slot for each of <see cref="PoolDefinition.Backends"/>, in that order.</summary>
    public ImmutableArray<BackendSlot> Slots { get; }

    /// <summary>Keys of the slots, in their order.</summary>
    public ImmutableArray<BackendKey> Keys { get; }

    /// <summary>Index of a backend in <see cref="Slots"/> by its id; YARP compares ids without case.</summary>
    public FrozenDictionary<string, int> IndexById { get; }

    /// <summary>Index of a backend in <see cref="Slots"/> by its key, in a pool with learned sessions; -1 when the pool does not have it.</summary>
    /// <param name="key">The backend, in one generation.</param>
    internal int IndexOf(BackendKey key) => _indexByKey.TryGetValue(key, out var index) ? index : -1;

    /// <summary>Tables of the pool's policy; <see langword="null"/> when it does not hash.</summary>
    public HashTables? Tables { get; }

    /// <summary>What the cluster, or this front-end while it is on its own, holds to be true of the backends; one reference, read once per request.</summary>
    public PoolHealthView Health
    {
        get => Volatile.Read(ref _health);
        internal set => Volatile.Write(ref _health, value);
    }

    /// <summary>What holds of backends that moved to another address, until the cluster says something of them there.</summary>
    internal FrozenDictionary<BackendKey, BackendStatus> Inherited { get; }

    /// <summary>What this front-end has in flight, by the order of <see cref="Slots"/>.</summary>
    public LoadBoard Board { get; }

    /// <summary>What the other front-ends have in flight.</summary>
    public SharedLoad Load { get; }

    /// <summary>What may be sent a second time.</summary>
    public PoolRetries Retries { get; }

    /// <summary>Who may go to the backends of a pool with a limit of concurrency, and who waits.</summary>
    public PoolAdmission Admission { get; }

    /// <summary>Backends that this front-end leaves out for a second, after a refused connection.</summary>
    public LocalHolds Holds { get; }

    /// <summary>Decisions of administrators and words of agents are about a backend's id, whatever its address.</summary>
    private static FrozenDictionary<BackendKey, BackendStatus> Moved(FrontendPool previous, ImmutableArray<BackendSlot> slots)
    {
        var health = previous.Health;
        var moved = new Dictionary<BackendKey, BackendStatus>();
        foreach (var backend in slots.Select(static slot => slot.Definition))
        {
            if (previous.IndexById.TryGetValue(backend.Id, out var index)
                && health.Statuses[index] is var status
                && (status.ImpliedAdmin != AdminState.Active || (status.ByAgent && !status.TakesNew)))
                moved[backend.Key] = status with { Key = backend.Key };
        }

        return moved.ToFrozenDictionary();
    }
}
