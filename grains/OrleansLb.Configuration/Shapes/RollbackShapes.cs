using OrleansLb.Configuration.Rollbacks;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys that say when a version is taken back.</summary>
internal static class RollbackShapes
{
    private const int LeastFailure = 400;

    public static ObjectShape Rollback { get; } = new(
        strict: true,
        (RollbackReader.Enabled, Values.Boolean),
        (nameof(RollbackDefinition.Window), Values.DurationWithin(TimeSpan.FromSeconds(5), TimeSpan.FromHours(1))),
        (nameof(RollbackDefinition.MaxRisePercent), Values.NumberWithin(0.1, 100)),
        (nameof(RollbackDefinition.MinRequests), Values.Int32Within(10, 1_000_000, "requests")),
        (nameof(RollbackDefinition.FailureStatuses), Statuses));

    // What is below the least failure is no failure, also as a part of a range.
    private static ValueShape Statuses => new(
        static value => HttpStatusSet.TryParse(value, out var set) && !Enumerable.Range(200, LeastFailure - 200).Any(set.Contains)
            ? null
            : $"{Quote.Value(value)} is not a set of statuses from {LeastFailure} to 599 such as 500-599,404",
        required: true);
}
