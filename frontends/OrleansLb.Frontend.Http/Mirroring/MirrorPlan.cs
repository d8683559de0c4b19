using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Configuration;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Mirroring;

/// <summary>Which requests of a route are copied, and how the copies look.</summary>
internal sealed class MirrorPlan
{
    private readonly FrozenSet<string> _methods;
    private readonly RouteConfig _route;
    private readonly MirrorTransformer _transformer;

    public MirrorPlan(RouteModel route, MirrorDefinition definition, MirrorShare share)
    {
        (Definition, Share) = (definition, share);
        _methods = definition.Methods.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        // What the route wants of its own cluster it does not want of the other.
        _route = new RouteConfig { RouteId = definition.Route, ClusterId = definition.Cluster };
        _transformer = new MirrorTransformer(route.Transformer);
    }

    public MirrorDefinition Definition { get; }

    public MirrorShare Share { get; }

    /// <summary>Whether a request is of the kind that is copied. What becomes a connection is not, nor is a copy: two routes that mirror each other would never end.</summary>
    public bool IsFor(HttpContext context) =>
        _methods.Contains(context.Request.Method)
        && !context.Request.Headers.ContainsKey(MirrorTransformer.Mark)
        && context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true }
        && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true };

    /// <summary>The route of the copies.</summary>
    /// <param name="cluster">The other cluster, as it is now.</param>
    public RouteModel RouteTo(ClusterState cluster) => new(_route, cluster, _transformer);
}
