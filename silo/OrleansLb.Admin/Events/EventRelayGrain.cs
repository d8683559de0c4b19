using Orleans.Streams;
using Orleans.Streams.Core;
using OrleansLb.Contracts.Events;

namespace OrleansLb.Admin.Events;

/// <summary>Reads the stream for all silos. Subscribed by its type: wherever it was lost, the next event starts it anew.</summary>
[GrainType("event-relay"), ImplicitStreamSubscription(ClusterEventStream.Namespace)]
internal sealed class EventRelayGrain(EventFeeds feeds) : Grain, IEventRelayGrain, IStreamSubscriptionObserver, IAsyncBatchObserver<ClusterEvent>
{
    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => await handleFactory.Create<ClusterEvent>().ResumeAsync(this);

    public Task OnNextAsync(IList<SequentialItem<ClusterEvent>> items) => feeds.Give([.. items.Select(static item => item.Item)]);

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
