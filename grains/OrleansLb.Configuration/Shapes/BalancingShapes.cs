using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys that surround a cluster's policy.</summary>
internal static class BalancingShapes
{
    public static ValueShape SlowStart { get; } = Values.DurationWithin(TimeSpan.Zero, TimeSpan.FromHours(1));

    public static ValueShape SlowStartAggression { get; } = Values.NumberWithin(0.1, 10);

    public static ValueShape SlowStartMinPercent { get; } = Values.Int32Within(1, 100, "percent");

    public static ObjectShape Hash { get; } = new(
        strict: true,
        (nameof(HashKeyDefinition.Source), Values.OneOf("source", HashKeySourceNames.All)),
        (nameof(HashKeyDefinition.Name), Values.Label),
        (nameof(HashKeyDefinition.IPv6PrefixLength), Values.Int32Within(1, 128, "bits")));

    public static ObjectShape LoadReports { get; } = new(
        strict: true,
        (nameof(ResourceLoadRules.Blackout), Values.DurationWithin(TimeSpan.Zero, TimeSpan.FromHours(1))),
        (nameof(ResourceLoadRules.Expiry), Values.DurationWithin(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1))),
        (nameof(ResourceLoadRules.ErrorPenalty), Values.NumberWithin(0, 1000)));

    public static ObjectShape Priority { get; } = new(
        strict: true,
        (nameof(BalancingDefinition.OverprovisioningPercent), Values.Int32Within(100, 1000, "percent")),
        (nameof(BalancingDefinition.FailBackAfter), Values.DurationWithin(TimeSpan.Zero, TimeSpan.FromDays(1))));

    public static ValueShape ZonePreference { get; } = Values.OneOf("choice", [.. Enum.GetNames<ZonePreference>()]);

    public static ValueShape PriorityOfDestination { get; } = Values.Int32Within(0, 15, "tiers");
}
