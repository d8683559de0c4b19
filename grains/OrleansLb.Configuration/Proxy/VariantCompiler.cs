using OrleansLb.Configuration.Settings;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Proxy;

/// <summary>Makes one route of each pool among which a route's requests are divided, and of the one that stands in for another.</summary>
internal sealed class VariantCompiler(SettingsNode root, IReadOnlyList<ClusterConfig> clusters, IReadOnlySet<string> routeIds, Problems problems)
{
    public const string Split = "Split";
    public const string Weights = "Weights";
    public const string Cookie = "Cookie";
    public const string CookieMaxAge = "CookieMaxAge";
    public const string Header = "Header";
    public const string Failover = "Failover";

    // No route of a file is likely to have it in its name; one that does is told.
    private const char Between = '~';

    private readonly Dictionary<string, string> _clusters = clusters.ToDictionary(
        static cluster => cluster.ClusterId, static cluster => cluster.ClusterId, StringComparer.OrdinalIgnoreCase);

    /// <summary>The routes that a route becomes: itself, if nothing divides it.</summary>
    public IReadOnlyList<RouteConfig> Compile(RouteConfig route)
    {
        var ours = root.Find($"ReverseProxy:Routes:{route.RouteId}:OrleansLb");
        var (split, failover) = (ours?.Child(Split), ours?.Child(Failover));
        if (split is null && failover?.Value is null)
            return [route];
        var variants = (split is null ? Alone(route) : Divided(route, split)).ToList();
        if (failover?.Value is not null && Known(failover.Value, failover.Path) is { } backup && variants.Count > 0)
            AddFailover(variants, backup, failover.Path);
        return [.. variants.Select((variant, index) => RouteOf(route, variant, index))];
    }

    private static IEnumerable<RouteVariant> Alone(RouteConfig route) =>
        route.ClusterId is { } cluster ? [new RouteVariant(route.RouteId, cluster, 1, IsFailover: false, "", TimeSpan.Zero, "")] : [];

    private IEnumerable<RouteVariant> Divided(RouteConfig route, SettingsNode split)
    {
        var weights = split.Child(Weights)?.Children ?? [];
        // A weight that was refused for its value is missing because of that.
        if (weights.Count == 0 && split.Child(Weights) is not { HasRemoved: true } && !split.WasRemoved(Weights))
            problems.Error($"{split.Path}:{Weights}", "must name at least one cluster with its weight");
        else if (weights.Count > 0 && weights.All(static weight => weight.Value == "0"))
            problems.Error($"{split.Path}:{Weights}", "must have one that is above 0");
        if (route.ClusterId is { } own && weights.Count > 0 && !weights.Any(weight => string.Equals(weight.Key, own, StringComparison.OrdinalIgnoreCase)))
            problems.Error($"ReverseProxy:Routes:{route.RouteId}:ClusterId", $"{Quote.Value(own)} is none of {split.Path}:{Weights}; name it there, with 0 if it is to have no requests");
        var age = split.Time(CookieMaxAge);
        if (age is not null && split.Text(Cookie) is null)
            problems.Error($"{split.Path}:{CookieMaxAge}", $"has no effect without {Cookie}");
        foreach (var weight in weights.OrderByDescending(weight => string.Equals(weight.Key, route.ClusterId, StringComparison.OrdinalIgnoreCase)))
        {
            if (Known(weight.Key, weight.Path) is { } cluster)
                yield return new RouteVariant(route.RouteId, cluster, split.Child(Weights).Whole(weight.Key) ?? 0, IsFailover: false, split.Text(Cookie) ?? "", age ?? TimeSpan.Zero, split.Text(Header) ?? "");
        }
    }

    private void AddFailover(List<RouteVariant> variants, string backup, string path)
    {
        if (variants.Exists(variant => variant.Name == backup))
            problems.Error(path, $"{Quote.Value(backup)} has requests of the route already");
        else
            variants.Add(variants[0] with { Name = backup, Weight = 0, IsFailover = true });
    }

    private string? Known(string cluster, string path)
    {
        if (_clusters.TryGetValue(cluster, out var known))
            return known;
        problems.Error(path, $"there is no cluster {Quote.Value(cluster)}; known: {Quote.Names(_clusters.Values)}");
        return null;
    }

    private RouteConfig RouteOf(RouteConfig route, RouteVariant variant, int index)
    {
        var id = index == 0 ? route.RouteId : $"{route.RouteId}{Between}{variant.Name}";
        if (index > 0 && routeIds.Contains(id))
            problems.Error($"ReverseProxy:Routes:{id}", $"is also what the part of route {Quote.Value(route.RouteId)} for {Quote.Value(variant.Name)} is called; give it another name");
        return RouteCompiler.With(route, RouteMetadataKeys.Variant, variant.ToString()) with { RouteId = id, ClusterId = variant.Name };
    }
}
