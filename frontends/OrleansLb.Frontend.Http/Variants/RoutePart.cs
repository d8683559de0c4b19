using Microsoft.AspNetCore.Http;
using OrleansLb.Configuration;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Variants;

/// <summary>One part of a divided route, as routing finds it.</summary>
/// <param name="Variant">What it says of itself.</param>
/// <param name="Route">The route.</param>
internal sealed record RoutePart(RouteVariant Variant, RouteModel Route)
{
    /// <summary>Whether there is a backend to go to.</summary>
    public bool IsServed => Route.Cluster?.DestinationsState.AvailableDestinations.Count > 0;

    /// <summary>The part that an endpoint is; <see langword="null"/> for one that is none.</summary>
    public static RoutePart? Of(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<RouteModel>() is { } route && route.Config.Metadata?.TryGetValue(RouteMetadataKeys.Variant, out var text) == true
            ? new RoutePart(RouteVariant.Parse(text), route)
            : null;
}
