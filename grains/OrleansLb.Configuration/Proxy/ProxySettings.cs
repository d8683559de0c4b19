using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Proxy;

/// <summary>Routes and clusters in YARP's types.</summary>
internal sealed record ProxySettings(IReadOnlyList<RouteConfig> Routes, IReadOnlyList<ClusterConfig> Clusters)
{
    public static ProxySettings Empty { get; } = new([], []);
}
