using OrleansLb.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Moves the name of a policy of ours from where YARP has it to where our middleware finds it. Names of others stay, and YARP refuses those that are nobody's.</summary>
internal sealed class RoutePolicyFilter(RoutePolicies policies) : IProxyConfigFilter
{
    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) => new(cluster);

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(route);
        var named = route.CorsPolicy is { Length: > 0 } cors && policies.CorsNameOf(cors) is { } spelt ? route with { CorsPolicy = spelt } : route;
        return new(policies.Own(route.AuthorizationPolicy) is { } own ? Guarded(named, own) : named);
    }

    private static RouteConfig Guarded(RouteConfig route, string policy)
    {
        var metadata = route.Metadata is null ? new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) : new Dictionary<string, string>(route.Metadata, StringComparer.OrdinalIgnoreCase);
        metadata[RouteMetadataKeys.Authentication] = policy;
        return route with { AuthorizationPolicy = null, Metadata = metadata };
    }
}
