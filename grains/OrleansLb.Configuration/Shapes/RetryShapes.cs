using OrleansLb.Configuration.Pools;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys that say when requests of a cluster are sent to another backend.</summary>
internal static class RetryShapes
{
    public static ObjectShape Retry => new(
        strict: true,
        (nameof(RetryDefinition.MaxAttempts), Values.Int32Within(1, 10, "attempts")),
        (RetryReader.OnKey, new ListShape(On)),
        (nameof(RetryDefinition.MaxBodySize), Values.Int32Within(0, 1_048_576, "bytes")),
        (nameof(RetryDefinition.BudgetPercent), Values.Int32Within(0, 100, "percent")),
        (nameof(RetryDefinition.MinRetriesPerSecond), Values.Int32Within(0, 10_000, "retries a second")));

    private static ValueShape On { get; } = new(
        static value => RetryReader.IsCondition(value)
            ? null
            : $"{Quote.Value(value)} is neither {RetryReader.ConnectFailure} nor {RetryReader.Reset} nor a status such as 503 or 502-504, from {RetryReader.LeastStatus} to {RetryReader.MostStatus}",
        required: true);
}
