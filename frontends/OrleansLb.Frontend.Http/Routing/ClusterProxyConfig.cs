using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using OrleansLb.Configuration;
using OrleansLb.Core.Snapshots;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Http.Routing;

/// <summary>One version of the cluster's configuration as YARP takes it.</summary>
internal sealed class ClusterProxyConfig(CompiledConfiguration configuration) : IProxyConfig
{
    private readonly ConfigurationReloadToken _expiry = new();

    public long Version => Snapshot.Version;

    /// <summary>What is decided from beside YARP.</summary>
    public ClusterSnapshot Snapshot => configuration.Snapshot;

    public IReadOnlyList<RouteConfig> Routes => configuration.Routes;

    public IReadOnlyList<ClusterConfig> Clusters => configuration.Clusters;

    public IChangeToken ChangeToken => _expiry;

    /// <summary>Says that a newer version is there; YARP takes it before this returns or soon after.</summary>
    public void Expire() => _expiry.OnReload();
}
