using OrleansLb.Configuration.Proxy;
using OrleansLb.Configuration.Settings;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Answers;

/// <summary>Reads what a cluster's routes answer while it is closed, and when it has nobody to serve them.</summary>
internal sealed class ClosureReader
{
    public const string Maintenance = "Maintenance";
    public const string Enabled = "Enabled";
    public const string AllowFrom = "AllowFrom";
    public const string Unavailable = "Unavailable";

    private const int UsualStatus = 503;
    private static readonly TimeSpan UsualMaintenance = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan UsualOutage = TimeSpan.FromSeconds(1);

    // Texts that all routes of a cluster share.
    private readonly Dictionary<string, (string? Maintenance, string? Unavailable)> _clusters = new(StringComparer.OrdinalIgnoreCase);

    public ClosureReader(IReadOnlyList<ClusterConfig> clusters, SettingsNode root, Problems problems)
    {
        var pages = new PageReader(problems);
        foreach (var cluster in clusters)
        {
            if (root.Find($"ReverseProxy:Clusters:{cluster.ClusterId}:OrleansLb") is not { } ours)
                continue;
            var maintenance = ours.Child(Maintenance) is { } closed ? Read(pages, closed) : null;
            var unavailable = ours.Child(Unavailable) is { } outage ? pages.Read(outage, UsualStatus, UsualOutage, isKept: false).ToString() : null;
            if (maintenance is not null || unavailable is not null)
                _clusters[cluster.ClusterId] = (maintenance, unavailable);
        }
    }

    /// <summary>The route with what its cluster says.</summary>
    public RouteConfig Compile(RouteConfig route)
    {
        if (route.ClusterId is null || !_clusters.TryGetValue(route.ClusterId, out var said))
            return route;
        if (said.Maintenance is not null)
            route = RouteCompiler.With(route, RouteMetadataKeys.Maintenance, said.Maintenance);
        return said.Unavailable is not null ? RouteCompiler.With(route, RouteMetadataKeys.Unavailable, said.Unavailable) : route;
    }

    // The page is read even if it is not to be shown, so that a mistake in it is found before the night that it is needed.
    private static string? Read(PageReader pages, SettingsNode section)
    {
        var page = pages.Read(section, UsualStatus, UsualMaintenance, isKept: false);
        var isClosed = section.Text(Enabled) is { } text && bool.Parse(text);
        return isClosed ? new MaintenanceDefinition(page, [.. (section.Child(AllowFrom)?.Children ?? []).Select(static network => network.Value ?? "")]).ToString() : null;
    }
}
