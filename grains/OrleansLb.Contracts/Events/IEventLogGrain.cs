using System.Collections.Immutable;
using Orleans.Concurrency;

namespace OrleansLb.Contracts.Events;

/// <summary>Keeps the last events of the cluster where grain state is kept. Key: <see cref="ClusterEventStream.Key"/>.</summary>
[Alias("OrleansLb.IEventLogGrain"), GrainInterfaceType("OrleansLb.Contracts.Events.IEventLogGrain")]
public interface IEventLogGrain : IGrainWithStringKey
{
    /// <summary>Adds events. Repeating a call does no harm.</summary>
    /// <param name="events">The events, oldest first.</param>
    [Alias("Add"), CalledBy(Caller.Silo), ResponseTimeout("00:00:05")]
    ValueTask Add(ImmutableArray<ClusterEvent> events);

    /// <summary>The last events that are kept, oldest first.</summary>
    [Alias("List"), CalledBy(Caller.Silo), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<ImmutableArray<ClusterEvent>> List();
}
