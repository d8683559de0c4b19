using System.Globalization;
using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.RateLimits;

/// <summary>Reads the rate-limit policies. Single values were checked before; here is what they must be together.</summary>
internal sealed class RateLimitReader(Problems problems)
{
    private static readonly string[] TokenBucketKeys =
    [
        nameof(RateLimitPolicyDefinition.TokenLimit),
        nameof(RateLimitPolicyDefinition.TokensPerPeriod),
        nameof(RateLimitPolicyDefinition.ReplenishmentPeriod),
    ];

    private static readonly string[] WindowKeys =
    [
        nameof(RateLimitPolicyDefinition.PermitLimit),
        nameof(RateLimitPolicyDefinition.Window),
    ];

    /// <summary>Every policy that the file names, well-formed or not: what routes may refer to.</summary>
    public static IReadOnlyList<string> Names(SettingsNode root) => [.. Sections(root).Select(static section => section.Key)];

    public List<RateLimitPolicyDefinition> Read(SettingsNode root)
    {
        var policies = new List<RateLimitPolicyDefinition>();
        foreach (var section in Sections(root))
            if (ReadOne(section) is { } policy)
                policies.Add(policy);
        return policies;
    }

    private static IReadOnlyList<SettingsNode> Sections(SettingsNode root) =>
        root.Find(SettingsDocument.RateLimitingSection + ":Policies")?.Children ?? [];

    private RateLimitPolicyDefinition? ReadOne(SettingsNode section)
    {
        if (ReservedPolicyNames.Contains(section.Key))
            problems.Error(section.Path, $"{Quote.Value(section.Key)} has a meaning of its own as a route's RateLimiterPolicy; choose another name");
        if (Choice<RateLimitAlgorithm>(section, nameof(RateLimitPolicyDefinition.Algorithm)) is not { } algorithm)
        {
            Require(section, nameof(RateLimitPolicyDefinition.Algorithm), "every policy");
            return null;
        }

        CheckKeysOf(algorithm, section);
        var policy = new RateLimitPolicyDefinition
        {
            Name = section.Key,
            Algorithm = algorithm,
            TokenLimit = Whole(section, nameof(RateLimitPolicyDefinition.TokenLimit)),
            TokensPerPeriod = Whole(section, nameof(RateLimitPolicyDefinition.TokensPerPeriod)),
            ReplenishmentPeriod = Time(section, nameof(RateLimitPolicyDefinition.ReplenishmentPeriod)),
            PermitLimit = Whole(section, nameof(RateLimitPolicyDefinition.PermitLimit)),
            Window = Time(section, nameof(RateLimitPolicyDefinition.Window)),
            Partition = Choice<RateLimitPartition>(section, nameof(RateLimitPolicyDefinition.Partition)) ?? RateLimitPartition.ClientIp,
            PartitionHeader = section.Child(nameof(RateLimitPolicyDefinition.PartitionHeader))?.Value,
            Mode = Choice<RateLimitMode>(section, nameof(RateLimitPolicyDefinition.Mode)) ?? RateLimitMode.Auto,
            WhenUnreachable = Choice<WhenUnreachable>(section, nameof(RateLimitPolicyDefinition.WhenUnreachable)) ?? WhenUnreachable.Share,
        };
        CheckMode(policy, section);
        CheckPartition(policy, section);
        return policy;
    }

    private void CheckKeysOf(RateLimitAlgorithm algorithm, SettingsNode section)
    {
        var isBucket = algorithm == RateLimitAlgorithm.TokenBucket;
        foreach (var key in isBucket ? TokenBucketKeys : WindowKeys)
            Require(section, key, algorithm.ToString());
        foreach (var key in isBucket ? WindowKeys : TokenBucketKeys)
            if (section.Child(key) is { } misplaced)
                problems.Error(misplaced.Path, $"does not apply to {algorithm}");
    }

    private void CheckMode(RateLimitPolicyDefinition policy, SettingsNode section)
    {
        if (policy is { Algorithm: RateLimitAlgorithm.SlidingWindowCounter, Mode: RateLimitMode.Leased })
            problems.Error(
                PathOf(section, nameof(policy.Mode)),
                $"{nameof(RateLimitAlgorithm.SlidingWindowCounter)} cannot be leased in this version: use Auto or Exact (the same for it), or {nameof(RateLimitAlgorithm.TokenBucket)}");
    }

    private void CheckPartition(RateLimitPolicyDefinition policy, SettingsNode section)
    {
        var path = PathOf(section, nameof(policy.PartitionHeader));
        if (policy.Partition != RateLimitPartition.Header && policy.PartitionHeader is not null)
            problems.Error(path, $"applies only to Partition {nameof(RateLimitPartition.Header)}");
        else if (policy.Partition == RateLimitPartition.Header && string.IsNullOrEmpty(policy.PartitionHeader))
            problems.Error(path, $"Partition {nameof(RateLimitPartition.Header)} needs it");
        else if (policy.PartitionHeader is { } header && !HeaderName.IsValid(header))
            problems.Error(path, $"{Quote.Value(header)} is not the name of a header");
    }

    /// <summary>A value that was there but malformed has its own error already and is no longer in the tree.</summary>
    private void Require(SettingsNode section, string key, string owner)
    {
        if (section.Child(key) is null or { Value: null } && !section.WasRemoved(key))
            problems.Error(PathOf(section, key), $"{owner} needs it");
    }

    private static string PathOf(SettingsNode section, string key) => $"{section.Path}:{key}";

    private static int Whole(SettingsNode section, string key) =>
        section.Child(key)?.Value is { } value ? int.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;

    private static TimeSpan Time(SettingsNode section, string key) =>
        section.Child(key)?.Value is { } value ? TimeSpan.ParseExact(value, "c", CultureInfo.InvariantCulture) : TimeSpan.Zero;

    private static TEnum? Choice<TEnum>(SettingsNode section, string key) where TEnum : struct, Enum =>
        section.Child(key)?.Value is { } value ? Enum.Parse<TEnum>(value, ignoreCase: true) : null;
}
