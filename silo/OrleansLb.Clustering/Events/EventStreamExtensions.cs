using Orleans.Runtime.Providers;
using Orleans.Streams;
using OrleansLb.Contracts.Events;

namespace OrleansLb.Clustering.Events;

/// <summary>Says what stands behind the stream of events.</summary>
public static class EventStreamExtensions
{
    // One stream needs one queue; each is asked for news ten times a second.
    private const int Queues = 1;

    /// <summary>
    /// Keeps the events under way in the memory of a silo. Another stream provider of Orleans under the same name keeps them
    /// longer; it must serve implicit subscriptions, by which the events are read.
    /// </summary>
    /// <param name="silo">The silo.</param>
    public static ISiloBuilder AddOrleansLbEventStream(this ISiloBuilder silo) =>
        silo.AddMemoryStreams(ClusterEventStream.ProviderName, static stream =>
        {
            stream.ConfigurePartitioning(Queues);
            // The only reader is subscribed by its type, so that no subscription has to be stored, nor found again after a silo died.
            stream.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
            stream.ConfigureBackoffProvider(static (_, _) => (IQueueReaderBackoffProvider)new SteadyBackoff());
            stream.ConfigureBackoffProvider(static (_, _) => (IMessageDeliveryBackoffProvider)new SteadyBackoff());
        });
}
