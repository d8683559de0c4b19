using System.Collections.Immutable;
using Orleans.Services;

namespace OrleansLb.Contracts.Events;

/// <summary>Takes events to where one silo's readers are. A service of every silo, because each keeps the last events for its own status API.</summary>
[Alias("OrleansLb.IEventFeedService"), GrainInterfaceType("OrleansLb.Contracts.Events.IEventFeedService")]
public interface IEventFeedService : IGrainService
{
    /// <summary>Takes events.</summary>
    /// <param name="events">The events, in the order in which they were published.</param>
    [Alias("Take"), CalledBy(Caller.Silo), ResponseTimeout("00:00:01")]
    Task Take(ImmutableArray<ClusterEvent> events);
}
