using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Frontend.Pools;

/// <summary>One pool of the version in force, with this front-end's slots aligned to the definition's backends.</summary>
public sealed class FrontendPool
{
    public FrontendPool(PoolDefinition definition, ImmutableArray<BackendSlot> slots)
    {
        Definition = definition;
        Slots = slots;
        IndexById = Enumerable.Range(0, slots.Length)
            .ToFrozenDictionary(index => definition.Backends[index].Id, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The pool as configured.</summary>
    public PoolDefinition Definition { get; }

    /// <summary>One slot for each of <see cref="PoolDefinition.Backends"/>, in that order.</summary>
    public ImmutableArray<BackendSlot> Slots { get; }

    /// <summary>Index of a backend in <see cref="Slots"/> by its id; YARP compares ids without case.</summary>
    public FrozenDictionary<string, int> IndexById { get; }
}
