using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys of a cluster's circuit breaker.</summary>
internal static class CircuitShapes
{
    public static ObjectShape Circuit => new(
        strict: true,
        (nameof(CircuitDefinition.FailurePercent), Values.Int32Within(1, 100, "percent")),
        (nameof(CircuitDefinition.MinimumThroughput), Values.Int32Within(1, 1_000_000, "answers")),
        (nameof(CircuitDefinition.SamplingDuration), Values.DurationWithin(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10))),
        (nameof(CircuitDefinition.BreakDuration), Break),
        (nameof(CircuitDefinition.MaxBreakDuration), Break),
        (nameof(CircuitDefinition.TrialTimeout), Values.DurationWithin(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5))));

    private static ValueShape Break => Values.DurationWithin(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
}
