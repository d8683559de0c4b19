using OrleansLb.Configuration;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Registration;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Tests;

/// <summary>What a front-end serves, as the test says and not the cluster.</summary>
internal sealed class FixedConfiguration(PoolTable pools) : IConfigurationView, IServedConfiguration, IConfigChangeListener
{
    private TaskCompletionSource _routed = new();

    public event Action<CompiledConfiguration>? Changed;

    public CompiledConfiguration Current { get; private set; } = CompiledConfiguration.Empty;

    public long Version => Current.Snapshot.Version;

    public void Offer(long version)
    {
        // The test decides; no cluster has a newer one.
    }

    /// <summary>Puts a configuration into force.</summary>
    /// <returns>Completes when YARP routes by it.</returns>
    internal Task Set(CompiledConfiguration configuration)
    {
        _routed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var routed = _routed.Task;
        Current = configuration;
        pools.Apply(configuration.Snapshot);
        Changed?.Invoke(configuration);
        return routed;
    }

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) => _routed.TrySetException(exception);

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        // Not in force yet.
    }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) => _routed.TrySetException(exception);

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        if (proxyConfigs.Any(config => ReferenceEquals(config.Routes, Current.Routes)))
            _routed.TrySetResult();
    }
}
