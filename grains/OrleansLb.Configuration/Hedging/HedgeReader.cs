using System.Globalization;
using OrleansLb.Configuration.Pools;
using OrleansLb.Configuration.Proxy;
using OrleansLb.Configuration.Settings;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Hedging;

/// <summary>Reads which routes have slow requests sent to a second backend.</summary>
internal sealed class HedgeReader(SettingsNode root, IReadOnlyList<ClusterConfig> clusters, Problems problems)
{
    public const string Key = "Hedge";
    public const string Delay = "Delay";

    /// <summary>The route with its delay among its metadata; itself if it has none.</summary>
    public RouteConfig Compile(RouteConfig route)
    {
        if (root.Find($"ReverseProxy:Routes:{route.RouteId}:OrleansLb") is not { } ours || ours.Child(Key) is not { } hedge)
            return route;
        var names = NamesOf(route, ours);
        if (names.Count == 0)
            problems.Error(hedge.Path, "has no effect on a route without a cluster of its own");
        foreach (var cluster in clusters.Where(cluster => names.Contains(cluster.ClusterId)))
            Check(cluster, hedge.Path);
        if (hedge.Time(Delay) is { } delay)
            return RouteCompiler.With(route, RouteMetadataKeys.Hedge, delay.ToString("c", CultureInfo.InvariantCulture));
        if (!hedge.WasRemoved(Delay))
            problems.Error($"{hedge.Path}:{Delay}", "must say how long a backend may take before another one is asked too; it is missing");
        return route;
    }

    private void Check(ClusterConfig cluster, string path)
    {
        if (cluster.SessionAffinity is { Enabled: true })
            problems.Error(path, $"cluster {Quote.Value(cluster.ClusterId)} has sessions, each of which is for one backend; leave out one of the two");
        if (RetryReader.Read(cluster.ClusterId, root).MaxAttempts < 2)
            problems.Error(path, $"cluster {Quote.Value(cluster.ClusterId)} has {RetryReader.Key}:MaxAttempts 1, which leaves no second attempt");
    }

    /// <summary>Every cluster that requests of the route may go to.</summary>
    private static HashSet<string> NamesOf(RouteConfig route, SettingsNode ours)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (route.ClusterId is { } own)
            names.Add(own);
        if (ours.Child(VariantCompiler.Failover)?.Value is { } backup)
            names.Add(backup);
        foreach (var part in ours.Child(VariantCompiler.Split)?.Child(VariantCompiler.Weights)?.Children ?? [])
            names.Add(part.Key);
        return names;
    }
}
