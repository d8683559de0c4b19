using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;

namespace OrleansLb.Frontend.Http.Health;

/// <summary>Has YARP ask <see cref="ClusterHealthyOrPanicPolicy"/> again whenever its answer may have changed.</summary>
/// <remarks>
/// YARP asks by itself while it takes a configuration. What changes at that moment, after its policy was asked and before its answer is in force, would be
/// lost: so it is asked once more when the configuration is in force, and once when this begins to listen.
/// </remarks>
internal sealed class AvailableDestinationsRefresher(PoolTable pools, IServiceProvider services) : IHostedService, IConfigChangeListener
{
    // YARP makes its listeners while it makes itself.
    private readonly Lazy<(IProxyStateLookup Proxy, IClusterDestinationsUpdater Updater)> _yarp = new(() =>
        (services.GetRequiredService<IProxyStateLookup>(), services.GetRequiredService<IClusterDestinationsUpdater>()));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        pools.HealthChanged += Refresh;
        RefreshAll();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        pools.HealthChanged -= Refresh;
        return Task.CompletedTask;
    }

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs) => RefreshAll();

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        // Not in force yet.
    }

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception)
    {
        // What was in force stays.
    }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception)
    {
        // What was in force stays.
    }

    private void RefreshAll()
    {
        foreach (var pool in pools.Current.Values)
            Refresh(pool);
    }

    private void Refresh(FrontendPool pool)
    {
        if (_yarp.Value.Proxy.TryGetCluster(pool.Definition.Id, out var cluster) && cluster.DestinationsState is not null)
            _yarp.Value.Updater.UpdateAvailableDestinations(cluster);
    }
}
