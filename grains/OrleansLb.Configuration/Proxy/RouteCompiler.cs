using System.Collections.Immutable;
using OrleansLb.Configuration.Answers;
using OrleansLb.Configuration.Hedging;
using OrleansLb.Configuration.Mirroring;
using OrleansLb.Configuration.Settings;
using OrleansLb.Configuration.Timeouts;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Proxy;

/// <summary>Moves what a route says to our middleware to where that finds it, and checks what a route refers to.</summary>
internal sealed class RouteCompiler(
    SettingsNode root,
    IReadOnlyList<string> policies,
    IReadOnlyList<ClusterConfig> clusters,
    Problems problems)
{
    private readonly RouteLimitCompiler _limits = new(root, policies, problems);

    private readonly AnswerReader _answers = new(root, problems);

    private readonly TimeoutReader _timeouts = new(root, problems);

    private readonly HedgeReader _hedges = new(root, clusters, problems);

    private readonly HashSet<string> _clusters = clusters.Select(static cluster => cluster.ClusterId).ToHashSet(StringComparer.OrdinalIgnoreCase);

    public RouteConfig Compile(RouteConfig route)
    {
        var path = $"ReverseProxy:Routes:{route.RouteId}";
        CheckMetadata(route, path);
        if (route.ClusterId is { } cluster && !_clusters.Contains(cluster))
            problems.Error($"{path}:ClusterId", $"there is no cluster {Quote.Value(cluster)}; known: {Quote.Names(_clusters)}");
        var limited = _limits.Compile(route, path);
        var guarded = AccessReader.Read(root, route.RouteId) is { } access ? With(limited, RouteMetadataKeys.Access, access) : limited;
        var chosen = SubsetReader.Read(root, route.RouteId) is { } subset ? With(guarded, RouteMetadataKeys.Subset, subset.ToString()) : guarded;
        return _timeouts.Compile(_hedges.Compile(MirrorReader.Compile(_answers.Compile(chosen), root, _clusters, problems)));
    }

    internal static RouteConfig With(RouteConfig route, string key, string value) => route with
    {
        Metadata = new Dictionary<string, string>(route.Metadata ?? ImmutableDictionary<string, string>.Empty, StringComparer.OrdinalIgnoreCase) { [key] = value },
    };

    private void CheckMetadata(RouteConfig route, string path)
    {
        foreach (var key in route.Metadata?.Keys ?? [])
            if (key.StartsWith(RouteMetadataKeys.Prefix, StringComparison.OrdinalIgnoreCase))
                problems.Error($"{path}:Metadata:{key}", $"metadata whose name begins with {RouteMetadataKeys.Prefix} is reserved");
    }
}
