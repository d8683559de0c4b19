using Orleans.TestingHost;

namespace OrleansLb.Testing.Clusters;

/// <summary>Where grains live.</summary>
public static class GrainHosts
{
    // What is asked of a silo that was killed a moment ago is only answered by a time-out of half a minute.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The silo that a grain lives on, once it does.</summary>
    public static async Task<InProcessSiloHandle> HostOf(this InProcessTestCluster cluster, IAddressable grain, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                var address = await cluster.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(grain, cancellation).AsTask().WaitAsync(Patience, cancellation);
                if (cluster.Silos.SingleOrDefault(silo => silo.SiloAddress.Equals(address)) is { } host)
                    return host;
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    /// <summary>Kills the silo that a grain lives on.</summary>
    public static async Task KillHostOf(this InProcessTestCluster cluster, IAddressable grain, CancellationToken cancellation) =>
        await cluster.KillSiloAsync(await cluster.HostOf(grain, cancellation), cancellation);
}
