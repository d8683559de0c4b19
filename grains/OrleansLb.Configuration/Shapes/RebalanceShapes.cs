using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys of moving WebSockets.</summary>
internal static class RebalanceShapes
{
    public static ObjectShape Rebalance => new(
        strict: true,
        (nameof(RebalanceDefinition.MaxPerSecond), Values.Int32Within(1, 10_000, "connections")),
        (nameof(RebalanceDefinition.TolerancePercent), Values.Int32Within(1, 1000, "percent")),
        (nameof(RebalanceDefinition.MinAge), Values.DurationWithin(TimeSpan.Zero, TimeSpan.FromDays(1))));
}
