using Microsoft.Extensions.Logging;
using OrleansLb.Core.Snapshots;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Http.Routing;

/// <summary>Knows which version YARP routes by: it takes a version in the background, and may refuse one.</summary>
internal sealed partial class RoutesInForce(ILogger<RoutesInForce> logger) : IConfigChangeListener
{
    private ClusterSnapshot _snapshot = ClusterSnapshot.Empty;

    /// <summary>Raised after YARP has put a configuration in force.</summary>
    public event Action? Applied;

    /// <summary>Version that YARP routes by; 0 for none.</summary>
    public long Version => Snapshot.Version;

    /// <summary>The configuration that YARP routes by.</summary>
    public ClusterSnapshot Snapshot => Volatile.Read(ref _snapshot);

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        // Not in force yet.
    }

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        foreach (var config in proxyConfigs.OfType<ClusterProxyConfig>())
            Volatile.Write(ref _snapshot, config.Snapshot);
        Applied?.Invoke();
    }

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) =>
        LogNotInForce(logger, Version, exception);

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) =>
        LogNotInForce(logger, Version, exception);
}
