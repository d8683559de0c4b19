using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Pools;

/// <summary>Reads whether and how the limits of a pool's backends adapt.</summary>
internal static class AdaptiveReader
{
    public const string Key = "AdaptiveConcurrency";

    /// <summary>Reads; a section, even an empty one, is what switches it on.</summary>
    /// <param name="section">The section.</param>
    /// <param name="most">What no limit may exceed.</param>
    /// <param name="problems">Where problems go.</param>
    public static AdaptiveConcurrencyDefinition? Read(SettingsNode? section, int most, Problems problems)
    {
        if (section is not { } ours)
            return null;
        var defaults = new AdaptiveConcurrencyDefinition();
        var configured = ours.Whole(nameof(defaults.MinConcurrency));
        if (configured > most)
            problems.Error($"{ours.Path}:{nameof(defaults.MinConcurrency)}", $"'{configured}' is more than {ConcurrencyReader.LimitKey}, which is {most}");
        return new AdaptiveConcurrencyDefinition
        {
            MinConcurrency = configured ?? Math.Min(defaults.MinConcurrency, most),
            BufferPercent = ours.Whole(nameof(defaults.BufferPercent)) ?? defaults.BufferPercent,
            MeasureInterval = ours.Time(nameof(defaults.MeasureInterval)) ?? defaults.MeasureInterval,
            MeasureRequests = ours.Whole(nameof(defaults.MeasureRequests)) ?? defaults.MeasureRequests,
        };
    }
}
