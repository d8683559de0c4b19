using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OrleansLb.Configuration;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Mirroring;

/// <summary>The plans of the routes that are mirrored.</summary>
internal sealed class MirrorPlans(FrontendIdentity identity)
{
    // A route of another configuration is another object.
    private readonly ConditionalWeakTable<RouteModel, MirrorPlan> _plans = [];
    private readonly ConcurrentDictionary<string, MirrorShare> _shares = new(StringComparer.Ordinal);

    /// <summary>The plan of a route; <see langword="null"/> if it is not mirrored.</summary>
    public MirrorPlan? Of(RouteModel route) =>
        route.Config.Metadata is { } metadata && metadata.ContainsKey(RouteMetadataKeys.Mirror) ? _plans.GetValue(route, Make) : null;

    private MirrorPlan Make(RouteModel route)
    {
        var definition = MirrorDefinition.Parse(route.Config.Metadata![RouteMetadataKeys.Mirror]);
        var share = _shares.GetOrAdd(definition.Route, static (name, made) => new MirrorShare(made.Id, name, made.Percent), (identity.Id, definition.Percent));
        share.Become(definition.Percent);
        return new MirrorPlan(route, definition, share);
    }
}
