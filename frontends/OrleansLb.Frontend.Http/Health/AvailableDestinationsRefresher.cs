using Microsoft.Extensions.Hosting;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Health;

namespace OrleansLb.Frontend.Http.Health;

/// <summary>Has YARP ask <see cref="ClusterHealthyOrPanicPolicy"/> again whenever its answer may have changed.</summary>
internal sealed class AvailableDestinationsRefresher(PoolTable pools, IProxyStateLookup proxy, IClusterDestinationsUpdater updater) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        pools.HealthChanged += Refresh;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        pools.HealthChanged -= Refresh;
        return Task.CompletedTask;
    }

    private void Refresh(FrontendPool pool)
    {
        // YARP asks by itself when it takes a configuration, which may be a moment after ours was taken.
        if (proxy.TryGetCluster(pool.Definition.Id, out var cluster) && cluster.DestinationsState is not null)
            updater.UpdateAvailableDestinations(cluster);
    }
}
