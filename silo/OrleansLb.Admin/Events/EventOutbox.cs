using System.Collections.Immutable;
using OrleansLb.Contracts.Events;

namespace OrleansLb.Admin.Events;

/// <summary>Events that are still to be kept. For one caller at a time.</summary>
internal sealed class EventOutbox
{
    /// <summary>As many as are ever kept.</summary>
    public const int Capacity = EventFeed.Capacity;

    private ImmutableArray<ClusterEvent> _events = [];

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _events.IsEmpty;

    /// <summary>Adds the newest ones; of too many the oldest go.</summary>
    /// <returns>How many went.</returns>
    public int Add(ImmutableArray<ClusterEvent> newest) => Set(_events.AddRange(newest));

    /// <summary>Takes all out.</summary>
    public ImmutableArray<ClusterEvent> TakeAll()
    {
        var all = _events;
        _events = [];
        return all;
    }

    /// <summary>Puts back what could not be kept, before what came meanwhile.</summary>
    /// <returns>How many went because they are too many.</returns>
    public int Return(ImmutableArray<ClusterEvent> oldest) => Set(oldest.AddRange(_events));

    private int Set(ImmutableArray<ClusterEvent> events)
    {
        var lost = Math.Max(0, events.Length - Capacity);
        _events = events[lost..];
        return lost;
    }
}
