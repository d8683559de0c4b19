using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts.Events;

namespace OrleansLb.Admin.Events;

/// <summary>Takes events from wherever the stream is read to this silo's feed.</summary>
internal sealed class EventFeedService(GrainId grainId, Silo silo, ILoggerFactory loggerFactory, EventFeed feed)
    : GrainService(grainId, silo, loggerFactory), IEventFeedService
{
    public Task Take(ImmutableArray<ClusterEvent> events)
    {
        feed.Take(events);
        return Task.CompletedTask;
    }
}
