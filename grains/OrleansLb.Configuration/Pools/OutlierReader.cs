using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Snapshots;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Pools;

/// <summary>Reads what the cluster's passive policy does with backends whose requests fail.</summary>
internal static class OutlierReader
{
    private static readonly OutlierDefinition Defaults = new();

    /// <summary>Range of the two lengths of ejections.</summary>
    public static readonly (TimeSpan Least, TimeSpan Most) EjectionRange = (TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1));

    public static OutlierDefinition? Read(ClusterConfig cluster, SettingsNode root, Problems problems)
    {
        var path = $"ReverseProxy:Clusters:{cluster.ClusterId}";
        var ours = root.Find($"{path}:OrleansLb:Outlier");
        if (!ClusterPolicies.HasClusterPassive(cluster))
        {
            if (ours is not null)
                problems.Warn(ours.Path, "has no effect without HealthCheck:Passive enabled with policy ClusterOutlier");
            return null;
        }

        var period = cluster.HealthCheck!.Passive!.ReactivationPeriod;
        CheckPeriod(period, $"{path}:HealthCheck:Passive:{nameof(PassiveHealthCheckConfig.ReactivationPeriod)}", problems);
        var read = Read(ours, period);
        if (read.MaxEjection < read.BaseEjection)
            problems.Error($"{path}:OrleansLb:Outlier:{nameof(read.MaxEjection)}", $"'{read.MaxEjection:c}' is shorter than {nameof(read.BaseEjection)}, which is {read.BaseEjection:c}");
        return read;
    }

    private static OutlierDefinition Read(SettingsNode? ours, TimeSpan? period)
    {
        var first = ours.Time(nameof(Defaults.BaseEjection)) ?? period ?? Defaults.BaseEjection;
        return new OutlierDefinition
        {
            Interval = ours.Time(nameof(Defaults.Interval)) ?? Defaults.Interval,
            ConsecutiveFailures = ours.Whole(nameof(Defaults.ConsecutiveFailures)) ?? Defaults.ConsecutiveFailures,
            BaseEjection = first,
            MaxEjection = ours.Time(nameof(Defaults.MaxEjection)) ?? (first > Defaults.MaxEjection ? first : Defaults.MaxEjection),
            MaxEjectionPercent = ours.Whole(nameof(Defaults.MaxEjectionPercent)) ?? Defaults.MaxEjectionPercent,
            SuccessRateMinimumHosts = ours.Whole(nameof(Defaults.SuccessRateMinimumHosts)) ?? Defaults.SuccessRateMinimumHosts,
            SuccessRateRequestVolume = ours.Whole(nameof(Defaults.SuccessRateRequestVolume)) ?? Defaults.SuccessRateRequestVolume,
            SuccessRateStdevFactor = ours.Number(nameof(Defaults.SuccessRateStdevFactor)) ?? Defaults.SuccessRateStdevFactor,
            FailurePercentThreshold = ours.Whole(nameof(Defaults.FailurePercentThreshold)),
            FailurePercentMinimumHosts = ours.Whole(nameof(Defaults.FailurePercentMinimumHosts)) ?? Defaults.FailurePercentMinimumHosts,
            FailurePercentRequestVolume = ours.Whole(nameof(Defaults.FailurePercentRequestVolume)) ?? Defaults.FailurePercentRequestVolume,
            DegradedLatencyFactor = ours.Number(nameof(Defaults.DegradedLatencyFactor)),
        };
    }

    private static void CheckPeriod(TimeSpan? period, string path, Problems problems)
    {
        // YARP itself refuses what is not positive.
        if (period is { } time && time > TimeSpan.Zero && (time < EjectionRange.Least || time > EjectionRange.Most))
            problems.Error(path, $"'{time:c}' is not from {EjectionRange.Least:c} to {EjectionRange.Most:c} (hh:mm:ss)");
    }
}
