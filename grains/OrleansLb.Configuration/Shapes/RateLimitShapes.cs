using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys of one rate-limit policy.</summary>
internal static class RateLimitShapes
{
    /// <summary>What a policy may count up to: a token bucket's arithmetic stays exact in a long of 100 ns for a day of it.</summary>
    private const int MostTokens = 1_000_000_000;

    public static ObjectShape Policy { get; } = new(
        strict: true,
        (nameof(RateLimitPolicyDefinition.Algorithm), Values.OneOf("algorithm", [.. Enum.GetNames<RateLimitAlgorithm>()])),
        (nameof(RateLimitPolicyDefinition.TokenLimit), Values.Int32Within(1, MostTokens, "tokens")),
        (nameof(RateLimitPolicyDefinition.TokensPerPeriod), Values.Int32Within(1, MostTokens, "tokens")),
        (nameof(RateLimitPolicyDefinition.ReplenishmentPeriod), Period),
        (nameof(RateLimitPolicyDefinition.PermitLimit), Values.Int32Within(1, MostTokens, "permits")),
        (nameof(RateLimitPolicyDefinition.Window), Period),
        (nameof(RateLimitPolicyDefinition.Partition), Values.OneOf("partition", [.. Enum.GetNames<RateLimitPartition>()])),
        (nameof(RateLimitPolicyDefinition.PartitionHeader), Values.Text),
        (nameof(RateLimitPolicyDefinition.Mode), Values.OneOf("mode", [.. Enum.GetNames<RateLimitMode>()])),
        (nameof(RateLimitPolicyDefinition.WhenUnreachable), Values.OneOf("choice", [.. Enum.GetNames<WhenUnreachable>()])));

    private static ValueShape Period => Values.DurationWithin(TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1));
}
