using Orleans.Runtime.Providers;

namespace OrleansLb.Clustering.Events;

/// <summary>
/// Half a second between two attempts at the stream. Orleans waits up to half a minute, but what fails here is a call to a grain whose
/// silo died, and the cluster has forgotten that silo two seconds later.
/// </summary>
internal sealed class SteadyBackoff : IQueueReaderBackoffProvider, IMessageDeliveryBackoffProvider
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public TimeSpan Next(int attempt) => Pause;
}
