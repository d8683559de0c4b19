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
        var management = cluster.Client.GetGrain<IManagementGrain>(0);
        while (true)
        {
            var address = await Answers.Of(async () => await management.GetActivationAddress(grain, cancellation).AsTask().WaitAsync(Patience, cancellation), cancellation);
            if (cluster.Silos.SingleOrDefault(silo => silo.SiloAddress.Equals(address)) is { } host)
                return host;
            await Task.Delay(Pause, cancellation);
        }
    }

    /// <summary>Kills the silo that a grain lives on.</summary>
    public static async Task KillHostOf(this InProcessTestCluster cluster, IAddressable grain, CancellationToken cancellation) =>
        await cluster.KillSiloAsync(await cluster.HostOf(grain, cancellation), cancellation);
}
