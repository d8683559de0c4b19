using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Pools;

/// <summary>Reads YARP's keys of active health checks, and ours beside them, as the cluster's probes.</summary>
internal static class ActiveHealthReader
{
    private static readonly ActiveHealthDefinition Defaults = new();
    private static readonly DeepCheckDefinition DeepDefaults = new();
    private static readonly HttpProbeDefinition HttpDefaults = new();
    private static readonly (TimeSpan Least, TimeSpan Most) IntervalRange = (TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
    private static readonly (TimeSpan Least, TimeSpan Most) TimeoutRange = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));

    public static ActiveHealthDefinition? Read(ClusterConfig cluster, SettingsNode root, Problems problems)
    {
        var ours = root.Find($"ReverseProxy:Clusters:{cluster.ClusterId}:OrleansLb:HealthCheck");
        if (!ClusterPolicies.HasClusterActive(cluster))
        {
            WarnOfIdleKeys(ours, problems);
            return null;
        }

        var active = cluster.HealthCheck!.Active!;
        var path = $"ReverseProxy:Clusters:{cluster.ClusterId}:HealthCheck:Active";
        Check(active, path, problems);
        var probe = new ProbeReader(problems).Read(ours, string.IsNullOrEmpty(active.Path) ? HttpDefaults.Path : active.Path, active.Query ?? HttpDefaults.Query);
        if (probe is not HttpProbeDefinition)
            WarnOfPath(active, probe.Type, path, problems);
        return new ActiveHealthDefinition
        {
            Interval = active.Interval ?? Defaults.Interval,
            FastInterval = ours.Time(nameof(ActiveHealthDefinition.FastInterval)) ?? Defaults.FastInterval,
            JitterPercent = ours.Whole(nameof(ActiveHealthDefinition.JitterPercent)) ?? Defaults.JitterPercent,
            Timeout = active.Timeout ?? Defaults.Timeout,
            UnhealthyThreshold = ours.Whole(nameof(ActiveHealthDefinition.UnhealthyThreshold)) ?? Defaults.UnhealthyThreshold,
            HealthyThreshold = ours.Whole(nameof(ActiveHealthDefinition.HealthyThreshold)) ?? Defaults.HealthyThreshold,
            InitialState = ours.Choice<InitialHealth>(nameof(ActiveHealthDefinition.InitialState)) ?? Defaults.InitialState,
            Probe = probe,
            Tls = TlsReader.ReadForProbes(cluster, root),
            Deep = ours?.Child(nameof(ActiveHealthDefinition.Deep)) is { HasChildren: true } deep ? ReadDeep(deep, problems) : null,
        };
    }

    public static int? Whole(SettingsNode? section, string key) => section.Whole(key);

    private static DeepCheckDefinition ReadDeep(SettingsNode deep, Problems problems) => new()
    {
        Interval = deep.Time(nameof(DeepCheckDefinition.Interval)) ?? DeepDefaults.Interval,
        Timeout = deep.Time(nameof(DeepCheckDefinition.Timeout)) ?? DeepDefaults.Timeout,
        UnhealthyThreshold = deep.Whole(nameof(DeepCheckDefinition.UnhealthyThreshold)) ?? DeepDefaults.UnhealthyThreshold,
        HealthyThreshold = deep.Whole(nameof(DeepCheckDefinition.HealthyThreshold)) ?? DeepDefaults.HealthyThreshold,
        Probe = new ProbeReader(problems).Read(
            deep,
            deep.Text(nameof(HttpProbeDefinition.Path)) ?? HttpDefaults.Path,
            deep.Text(nameof(HttpProbeDefinition.Query)) ?? HttpDefaults.Query),
    };

    private static void WarnOfIdleKeys(SettingsNode? ours, Problems problems)
    {
        foreach (var key in ours?.Children ?? [])
            if (!key.Key.Equals(nameof(PoolDefinition.PanicPercent), StringComparison.OrdinalIgnoreCase))
                problems.Warn(key.Path, $"has no effect: HealthCheck:Active is not enabled with the policy {ActiveHealthPolicyNames.ClusterConsecutiveFailures} (ignored)");
    }

    private static void WarnOfPath(ActiveHealthCheckConfig active, ProbeType type, string path, Problems problems)
    {
        if (!string.IsNullOrEmpty(active.Path))
            problems.Warn($"{path}:{nameof(active.Path)}", $"has no effect with probes of Type {type} (ignored)");
        if (!string.IsNullOrEmpty(active.Query))
            problems.Warn($"{path}:{nameof(active.Query)}", $"has no effect with probes of Type {type} (ignored)");
    }

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
