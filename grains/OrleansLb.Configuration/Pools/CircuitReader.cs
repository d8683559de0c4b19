using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Pools;

/// <summary>Reads when circuits to backends of a pool are broken.</summary>
internal static class CircuitReader
{
    public const string Key = "CircuitBreaker";

    /// <summary>Reads; a section, even an empty one, is what switches circuits on.</summary>
    public static CircuitDefinition? Read(string clusterId, SettingsNode root, Problems problems)
    {
        if (root.Find($"ReverseProxy:Clusters:{clusterId}:OrleansLb:{Key}") is not { } ours)
            return null;
        var defaults = new CircuitDefinition();
        var first = ours.Time(nameof(defaults.BreakDuration)) ?? defaults.BreakDuration;
        var read = new CircuitDefinition
        {
            FailurePercent = ours.Whole(nameof(defaults.FailurePercent)) ?? defaults.FailurePercent,
            MinimumThroughput = ours.Whole(nameof(defaults.MinimumThroughput)) ?? defaults.MinimumThroughput,
            SamplingDuration = ours.Time(nameof(defaults.SamplingDuration)) ?? defaults.SamplingDuration,
            BreakDuration = first,
            MaxBreakDuration = ours.Time(nameof(defaults.MaxBreakDuration)) ?? (first > defaults.MaxBreakDuration ? first : defaults.MaxBreakDuration),
            TrialTimeout = ours.Time(nameof(defaults.TrialTimeout)) ?? defaults.TrialTimeout,
        };
        if (read.MaxBreakDuration < read.BreakDuration)
            problems.Error($"{ours.Path}:{nameof(read.MaxBreakDuration)}", $"'{read.MaxBreakDuration:c}' is shorter than {nameof(read.BreakDuration)}, which is {read.BreakDuration:c}");
        return read;
    }
}
