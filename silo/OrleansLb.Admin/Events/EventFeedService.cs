using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Events;
using OrleansLb.Core;

namespace OrleansLb.Admin.Events;

/// <summary>Takes events from wherever the stream is read to this silo's feed.</summary>
internal sealed partial class EventFeedService(
    GrainId grainId,
    Silo silo,
    ILoggerFactory loggerFactory,
    EventFeed feed,
    IGrainFactory grains,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<EventFeedService> logger)
    : GrainService(grainId, silo, loggerFactory), IEventFeedService
{
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);

    private Task _restoring = Task.CompletedTask;

    public override async Task Start()
    {
        await base.Start();
        _restoring = Restore();
    }

    public override async Task Stop()
    {
        await base.Stop();
        await _restoring;
    }

    public Task Take(ImmutableArray<ClusterEvent> events)
    {
        feed.Take(events);
        return Task.CompletedTask;
    }

    /// <summary>Reads what is kept; while the store is away, events that happen are told all the same.</summary>
    private async Task Restore()
    {
        var stopped = StoppedCancellationTokenSource.Token;
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                feed.Restore(await grains.GetGrain<IEventLogGrain>(ClusterEventStream.Key).List());
                return;
            }
            catch (Exception exception) when (GrainCall.IsFailure(exception))
            {
                LogNotRestored(logger, exception.Message);
            }

            await Task.Delay(RetryPeriod, clock, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }
}
