using System.Globalization;
using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Snapshots;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Pools;

/// <summary>Reads YARP's keys of active health checks, and ours beside them, as the cluster's probes.</summary>
internal static class ActiveHealthReader
{
    private static readonly ActiveHealthDefinition Defaults = new();
    private static readonly (TimeSpan Least, TimeSpan Most) IntervalRange = (TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
    private static readonly (TimeSpan Least, TimeSpan Most) TimeoutRange = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));

    public static ActiveHealthDefinition? Read(ClusterConfig cluster, SettingsNode root, Problems problems)
    {
        if (!ClusterPolicies.HasClusterActive(cluster))
            return null;
        var active = cluster.HealthCheck!.Active!;
        Check(active, $"ReverseProxy:Clusters:{cluster.ClusterId}:HealthCheck:Active", problems);
        var ours = root.Find($"ReverseProxy:Clusters:{cluster.ClusterId}:OrleansLb:HealthCheck");
        return new ActiveHealthDefinition
        {
            Interval = active.Interval ?? Defaults.Interval,
            Timeout = active.Timeout ?? Defaults.Timeout,
            Path = string.IsNullOrEmpty(active.Path) ? Defaults.Path : active.Path,
            Query = active.Query ?? Defaults.Query,
            UnhealthyThreshold = Whole(ours, nameof(ActiveHealthDefinition.UnhealthyThreshold)) ?? Defaults.UnhealthyThreshold,
            HealthyThreshold = Whole(ours, nameof(ActiveHealthDefinition.HealthyThreshold)) ?? Defaults.HealthyThreshold,
        };
    }

    public static int? Whole(SettingsNode? section, string key) =>
        section?.Child(key)?.Value is { } value ? int.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : null;

    private static void Check(ActiveHealthCheckConfig active, string path, Problems problems)
    {
        CheckRange(active.Interval, IntervalRange, $"{path}:{nameof(active.Interval)}", problems);
        CheckRange(active.Timeout, TimeoutRange, $"{path}:{nameof(active.Timeout)}", problems);
        CheckStart(active.Path, '/', $"{path}:{nameof(active.Path)}", problems);
        CheckStart(active.Query, '?', $"{path}:{nameof(active.Query)}", problems);
    }

    private static void CheckRange(TimeSpan? value, (TimeSpan Least, TimeSpan Most) range, string path, Problems problems)
    {
        if (value is { } time && (time < range.Least || time > range.Most))
            problems.Error(path, $"'{time:c}' is not from {range.Least:c} to {range.Most:c} (hh:mm:ss)");
    }

    private static void CheckStart(string? value, char start, string path, Problems problems)
    {
        if (!string.IsNullOrEmpty(value) && !value.StartsWith(start))
            problems.Error(path, $"{Quote.Value(value)} does not start with '{start}'");
    }
}
