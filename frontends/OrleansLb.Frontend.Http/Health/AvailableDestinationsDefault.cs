using OrleansLb.Core.Health;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Http.Health;

/// <summary>
/// Where a file names no policy of available destinations, the cluster says which they are: what an administrator drains must not get
/// new traffic in a pool without any health check either.
/// </summary>
internal sealed class AvailableDestinationsDefault : IProxyConfigFilter
{
    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        if (!string.IsNullOrEmpty(cluster.HealthCheck?.AvailableDestinationsPolicy))
            return new(cluster);
        var health = cluster.HealthCheck ?? new HealthCheckConfig();
        return new(cluster with { HealthCheck = health with { AvailableDestinationsPolicy = AvailableDestinationsPolicyNames.ClusterHealthyOrPanic } });
    }

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) => new(route);
}
