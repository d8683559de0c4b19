using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Events;

namespace OrleansLb.Admin.Events;

/// <summary>The feeds of all silos.</summary>
internal sealed partial class EventFeeds(
    IServiceProvider services,
    ISiloStatusOracle silos,
    EventFeedMetrics metrics,
    ILogger<EventFeeds> logger) : GrainServiceClient<IEventFeedService>(services)
{
    /// <summary>Hands events to every silo that is there; one that does not take them within a second misses them.</summary>
    public Task Give(ImmutableArray<ClusterEvent> events) =>
        Task.WhenAll(silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(silo => Give(silo, events)));

    private async Task Give(SiloAddress silo, ImmutableArray<ClusterEvent> events)
    {
        try
        {
            await GetGrainService(silo).Take(events);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            metrics.Missed(events.Length);
            LogMissed(logger, silo, events.Length, exception.Message);
        }
    }
}
