using OrleansLb.Configuration.RateLimits;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys of one rate-limit policy.</summary>
internal static class RateLimitShapes
{
    /// <summary>What a policy may count up to: a token bucket's arithmetic stays exact in a long of 100 ns for a day of it.</summary>
    private const int MostTokens = 1_000_000_000;

    private const int MostWaiting = 1_000_000;

    private const int MostKeys = 16_777_216;

    public static ObjectShape Policy { get; } = new(
        strict: true,
        [
            (nameof(RateLimitPolicyDefinition.Algorithm), Values.OneOf("algorithm", [.. Enum.GetNames<RateLimitAlgorithm>()])),
            .. Numbers,
            (nameof(RateLimitPolicyDefinition.Partition), Values.SomeOf("partition", [.. Enum.GetNames<RateLimitPartition>()])),
            (nameof(RateLimitPolicyDefinition.PartitionHeader), Values.Text),
            (nameof(RateLimitPolicyDefinition.PartitionCookie), Values.Text),
            (nameof(RateLimitPolicyDefinition.PartitionQuery), Values.Text),
            (nameof(RateLimitPolicyDefinition.PartitionClaim), Values.Text),
            (nameof(RateLimitPolicyDefinition.IPv6PrefixLength), Values.Int32Within(1, 128, "bits")),
            (nameof(RateLimitPolicyDefinition.Exempt), new ListShape(Values.Network)),
            (nameof(RateLimitPolicyDefinition.Overrides), new ListShape(new ObjectShape(strict: true, [(RateLimitOverrideReader.Keys, new ListShape(Values.Something)), .. Numbers]))),
            (nameof(RateLimitPolicyDefinition.DryRun), Values.Boolean),
            (nameof(RateLimitPolicyDefinition.Headers), Values.OneOf("choice", [.. Enum.GetNames<RateLimitHeaders>()])),
            (nameof(RateLimitPolicyDefinition.LegacyHeaders), Values.Boolean),
            (nameof(RateLimitPolicyDefinition.Mode), Values.OneOf("mode", [.. Enum.GetNames<RateLimitMode>()])),
            (nameof(RateLimitPolicyDefinition.MaxKeys), Values.Int32Within(RateLimitKey.RangeCount, MostKeys, "keys")),
            (nameof(RateLimitPolicyDefinition.WhenUnreachable), Values.OneOf("choice", [.. Enum.GetNames<WhenUnreachable>()])),
        ]);

    private static (string Key, Shape Shape)[] Numbers =>
    [
        (nameof(RateLimitPolicyDefinition.TokenLimit), Values.Int32Within(1, MostTokens, "tokens")),
        (nameof(RateLimitPolicyDefinition.TokensPerPeriod), Values.Int32Within(1, MostTokens, "tokens")),
        (nameof(RateLimitPolicyDefinition.ReplenishmentPeriod), Period),
        (nameof(RateLimitPolicyDefinition.PermitLimit), Values.Int32Within(1, MostTokens, "permits")),
        (nameof(RateLimitPolicyDefinition.Window), Period),
        (nameof(RateLimitPolicyDefinition.QueueLimit), Values.Int32Within(0, MostWaiting, "requests")),
        (nameof(RateLimitPolicyDefinition.QueueTimeout), Values.DurationWithin(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1))),
    ];

    private static ValueShape Period => Values.DurationWithin(TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1));
}
