using System.Globalization;
using OrleansLb.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Http.Timeouts;

/// <summary>Moves the time of a route from where YARP has it to where our middleware finds it.</summary>
internal sealed class RouteTimeoutFilter : IProxyConfigFilter
{
    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) => new(cluster);

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(route);
        if (route.Timeout is not { } time)
            return new(route);
        var metadata = route.Metadata is null ? new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) : new Dictionary<string, string>(route.Metadata, StringComparer.OrdinalIgnoreCase);
        metadata[RouteMetadataKeys.Timeout] = time.ToString("c", CultureInfo.InvariantCulture);
        return new(route with { Timeout = null, Metadata = metadata });
    }
}
