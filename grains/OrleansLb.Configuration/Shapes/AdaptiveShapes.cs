using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys of limits that adapt.</summary>
internal static class AdaptiveShapes
{
    public static ObjectShape Adaptive => new(
        strict: true,
        (nameof(AdaptiveConcurrencyDefinition.MinConcurrency), Values.Int32Within(1, 1_000_000, "requests")),
        (nameof(AdaptiveConcurrencyDefinition.BufferPercent), Values.Int32Within(1, 1000, "percent")),
        (nameof(AdaptiveConcurrencyDefinition.MeasureInterval), Values.DurationWithin(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1))),
        (nameof(AdaptiveConcurrencyDefinition.MeasureRequests), Values.Int32Within(1, 100_000, "answers")));
}
