using OrleansLb.Configuration.Proxy;
using OrleansLb.Configuration.Settings;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Mirroring;

/// <summary>Reads which requests of a route are sent to another cluster too.</summary>
internal static class MirrorReader
{
    public const string Key = "Mirror";
    public const string Cluster = "Cluster";
    public const string Percent = "Percent";
    public const string MaxBody = "MaxBody";
    public const string MaxInFlight = "MaxInFlight";
    public const string Methods = "Methods";
    public const string Timeout = "Timeout";

    // Those that change nothing (RFC 9110, section 9.2.1): what is done twice by others is the business of whoever asks for it.
    private static readonly string[] SafeMethods = ["GET", "HEAD", "OPTIONS"];

    /// <summary>The route with its mirror among its metadata; itself if it has none.</summary>
    public static RouteConfig Compile(RouteConfig route, SettingsNode root, HashSet<string> clusters, Problems problems)
    {
        if (root.Find($"ReverseProxy:Routes:{route.RouteId}:OrleansLb") is not { } ours || ours.Child(Key) is not { } mirror)
            return route;
        if (route.ClusterId is null && ours.Child(VariantCompiler.Split) is null)
            problems.Error(mirror.Path, "has no effect on a route without a cluster of its own");
        if (mirror.Text(Cluster) is not { } cluster)
        {
            if (!mirror.WasRemoved(Cluster))
                problems.Error($"{mirror.Path}:{Cluster}", "must name the cluster that is sent copies; it is missing");
            return route;
        }

        if (!clusters.TryGetValue(cluster, out var known))
            problems.Error($"{mirror.Path}:{Cluster}", $"there is no cluster {Quote.Value(cluster)}; known: {Quote.Names(clusters)}");
        else if (string.Equals(known, route.ClusterId, StringComparison.OrdinalIgnoreCase))
            problems.Error($"{mirror.Path}:{Cluster}", $"{Quote.Value(cluster)} has the requests of the route already");
        var methods = mirror.Child(Methods)?.Children.Select(static method => method.Value ?? "").ToArray() ?? SafeMethods;
        return RouteCompiler.With(route, RouteMetadataKeys.Mirror, new MirrorDefinition(
            route.RouteId,
            known ?? cluster,
            mirror.Number(Percent) ?? 100,
            mirror.Whole(MaxBody) ?? 65_536,
            mirror.Whole(MaxInFlight) ?? 100,
            methods,
            mirror.Time(Timeout) ?? TimeSpan.FromSeconds(10)).ToString());
    }
}
