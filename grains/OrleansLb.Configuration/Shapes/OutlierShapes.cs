using OrleansLb.Configuration.Pools;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys of a cluster's outlier detection.</summary>
internal static class OutlierShapes
{
    private const int MostHosts = 1000;
    private const int MostAnswers = 1_000_000;

    public static ObjectShape Outlier => new(
        strict: true,
        (nameof(OutlierDefinition.Interval), Values.DurationWithin(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1))),
        (nameof(OutlierDefinition.ConsecutiveFailures), Values.Int32Within(0, 100, "failures in a row")),
        (nameof(OutlierDefinition.BaseEjection), Ejection),
        (nameof(OutlierDefinition.MaxEjection), Ejection),
        (nameof(OutlierDefinition.MaxEjectionPercent), Values.Int32Within(1, 100, "percent")),
        (nameof(OutlierDefinition.SuccessRateMinimumHosts), Values.Int32Within(2, MostHosts, "backends")),
        (nameof(OutlierDefinition.SuccessRateRequestVolume), Values.Int32Within(1, MostAnswers, "answers")),
        (nameof(OutlierDefinition.SuccessRateStdevFactor), Values.NumberWithin(0, 10)),
        (nameof(OutlierDefinition.FailurePercentThreshold), Values.Int32Within(1, 100, "percent")),
        (nameof(OutlierDefinition.FailurePercentMinimumHosts), Values.Int32Within(1, MostHosts, "backends")),
        (nameof(OutlierDefinition.FailurePercentRequestVolume), Values.Int32Within(1, MostAnswers, "answers")),
        (nameof(OutlierDefinition.DegradedLatencyFactor), Values.NumberWithin(1.1, 100)));

    private static ValueShape Ejection => Values.DurationWithin(OutlierReader.EjectionRange.Least, OutlierReader.EjectionRange.Most);
}
