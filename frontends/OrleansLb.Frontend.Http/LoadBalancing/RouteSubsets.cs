using System.Runtime.CompilerServices;
using OrleansLb.Configuration;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>The part of a cluster's destinations that a route wants by their labels.</summary>
internal sealed class RouteSubsets
{
    // YARP keeps a list of destinations until a configuration or a verdict changes it.
    private readonly ConditionalWeakTable<IReadOnlyList<DestinationState>, SubsetLists> _subsets = [];

    /// <summary>The part of a list of destinations that a route wants; all of them where it says nothing.</summary>
    public IReadOnlyList<DestinationState> Wanted(RouteModel route, IReadOnlyList<DestinationState> destinations) =>
        route.Config.Metadata is { } metadata && metadata.TryGetValue(RouteMetadataKeys.Subset, out var subset)
            ? _subsets.GetValue(destinations, static all => new SubsetLists(all)).Of(subset)
            : destinations;
}
