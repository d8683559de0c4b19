using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using Orleans.Streams.Core;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Events;
using OrleansLb.Core;

namespace OrleansLb.Admin.Events;

/// <summary>
/// Reads the stream for all silos, and numbers and keeps what it reads. Subscribed by its type: wherever it was lost, the next event starts it anew. It needs no store itself, so
/// that readers hear of events while there is none.
/// </summary>
[GrainType("event-relay"), ImplicitStreamSubscription(ClusterEventStream.Namespace)]
internal sealed partial class EventRelayGrain(
    EventFeeds feeds,
    EventFeedMetrics metrics,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<EventRelayGrain> logger) : Grain, IEventRelayGrain, IStreamSubscriptionObserver, IAsyncBatchObserver<ClusterEvent>
{
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(2);

    private readonly EventOutbox _outbox = new();
    private Task _keeping = Task.CompletedTask;

    // Microseconds since 1970 when this life began: above every number of a life before, which had fewer events than microseconds.
    private long _newest = (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(_ => Keep(), new GrainTimerCreationOptions(RetryPeriod, RetryPeriod) { Interleave = true });
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _keeping;
        await Keep();
    }

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => await handleFactory.Create<ClusterEvent>().ResumeAsync(this);

    public Task OnNextAsync(IList<SequentialItem<ClusterEvent>> items)
    {
        ImmutableArray<ClusterEvent> events = [.. items.Select(item => item.Item with { Id = ++_newest })];
        metrics.Unkept(_outbox.Add(events));
        _ = Keep();
        return feeds.Give(events);
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    /// <summary>Nobody waits for the log.</summary>
    private Task Keep() => _keeping.IsCompleted ? _keeping = KeepAll() : _keeping;

    private async Task KeepAll()
    {
        while (!_outbox.IsEmpty)
        {
            var events = _outbox.TakeAll();
            try
            {
                await GrainFactory.GetGrain<IEventLogGrain>(ClusterEventStream.Key).Add(events);
            }
            catch (Exception exception) when (GrainCall.IsFailure(exception))
            {
                metrics.Unkept(_outbox.Return(events));
                LogNotKept(logger, events.Length, exception.Message);
                return;
            }
        }
    }
}
