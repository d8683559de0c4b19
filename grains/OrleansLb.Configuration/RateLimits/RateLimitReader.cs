using System.Net;
using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Hashing;
using OrleansLb.Core.Networks;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.RateLimits;

/// <summary>Reads the rate-limit policies. Single values were checked before; here is what they must be together.</summary>
internal sealed class RateLimitReader(Problems problems)
{
    private readonly RateLimitNumbers _numbers = new(problems);
    private readonly RateLimitOverrideReader _overrides = new(problems);

    /// <summary>Every policy that the file names, well-formed or not: what routes may refer to.</summary>
    public static IReadOnlyList<string> Names(SettingsNode root) => [.. Sections(root).Select(static section => section.Key)];

    public List<RateLimitPolicyDefinition> Read(SettingsNode root)
    {
        var policies = new List<RateLimitPolicyDefinition>();
        foreach (var section in Sections(root))
        {
            if (ReadOne(section) is not { } policy)
                continue;
            var (overrides, others) = _overrides.Read(policy, section, root);
            policies.Add(policy with { Overrides = overrides });
            policies.AddRange(others);
        }

        return policies;
    }

    private static IReadOnlyList<SettingsNode> Sections(SettingsNode root) =>
        root.Find(SettingsDocument.RateLimitingSection + ":Policies")?.Children ?? [];

    private RateLimitPolicyDefinition? ReadOne(SettingsNode section)
    {
        if (ReservedPolicyNames.Contains(section.Key))
            problems.Error(section.Path, $"{Quote.Value(section.Key)} has a meaning of its own as a route's RateLimiterPolicy; choose another name");
        if (section.Choice<RateLimitAlgorithm>(nameof(RateLimitPolicyDefinition.Algorithm)) is not { } algorithm)
        {
            _numbers.Require(section, nameof(RateLimitPolicyDefinition.Algorithm), "every policy");
            return null;
        }

        var policy = new RateLimitPolicyDefinition
        {
            Name = section.Key,
            Algorithm = algorithm,
            Partition = section.Choice<RateLimitPartition>(nameof(RateLimitPolicyDefinition.Partition)) ?? RateLimitPartition.ClientIp,
            PartitionHeader = section.Text(nameof(RateLimitPolicyDefinition.PartitionHeader)),
            PartitionCookie = section.Text(nameof(RateLimitPolicyDefinition.PartitionCookie)),
            PartitionQuery = section.Text(nameof(RateLimitPolicyDefinition.PartitionQuery)),
            PartitionClaim = section.Text(nameof(RateLimitPolicyDefinition.PartitionClaim)),
            IPv6PrefixLength = section.Whole(nameof(RateLimitPolicyDefinition.IPv6PrefixLength)) ?? HashKey.DefaultIPv6PrefixLength,
            Exempt = Networks(section.Child(nameof(RateLimitPolicyDefinition.Exempt))),
            DryRun = IsTrue(section, nameof(RateLimitPolicyDefinition.DryRun)),
            Headers = section.Choice<RateLimitHeaders>(nameof(RateLimitPolicyDefinition.Headers)) ?? RateLimitHeaders.Rejected,
            LegacyHeaders = IsTrue(section, nameof(RateLimitPolicyDefinition.LegacyHeaders)),
            Mode = section.Choice<RateLimitMode>(nameof(RateLimitPolicyDefinition.Mode)) ?? RateLimitMode.Auto,
            MaxKeys = section.Whole(nameof(RateLimitPolicyDefinition.MaxKeys)),
            WhenUnreachable = section.Choice<WhenUnreachable>(nameof(RateLimitPolicyDefinition.WhenUnreachable)) ?? WhenUnreachable.Share,
        };
        CheckHeaders(policy, section);
        CheckPartition(policy, section);
        _numbers.RequireAll(algorithm, section);
        return _numbers.Read(policy, section);
    }

    private void CheckHeaders(RateLimitPolicyDefinition policy, SettingsNode section)
    {
        if (policy is { Headers: RateLimitHeaders.None, LegacyHeaders: true })
            problems.Error(PathOf(section, nameof(policy.LegacyHeaders)), $"goes with {nameof(policy.Headers)} {nameof(RateLimitHeaders.Rejected)} or {nameof(RateLimitHeaders.All)}");
        if (policy is { Headers: RateLimitHeaders.All, DryRun: true })
            problems.Error(PathOf(section, nameof(policy.Headers)), $"a limit that is only tried out tells clients nothing; drop it or {nameof(policy.DryRun)}");
    }

    private void CheckPartition(RateLimitPolicyDefinition policy, SettingsNode section)
    {
        CheckName(policy.Partition, RateLimitPartition.Header, section, nameof(policy.PartitionHeader), static name => HeaderName.IsValid(name) ? null : "is not the name of a header");
        CheckName(policy.Partition, RateLimitPartition.Cookie, section, nameof(policy.PartitionCookie), static name => HeaderName.IsValid(name) ? null : "is not the name of a cookie");
        CheckName(policy.Partition, RateLimitPartition.Query, section, nameof(policy.PartitionQuery), static _ => null);
        CheckName(policy.Partition, RateLimitPartition.JwtClaim, section, nameof(policy.PartitionClaim), static _ => null);
        if ((policy.Partition & (RateLimitPartition.ClientIp | RateLimitPartition.JwtClaim)) == 0 && section.Child(nameof(policy.IPv6PrefixLength)) is { } prefix)
            problems.Error(prefix.Path, $"applies only to Partition {nameof(RateLimitPartition.ClientIp)} or {nameof(RateLimitPartition.JwtClaim)}");
        var parts = section.Text(nameof(policy.Partition))?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        if (parts.Length > 1 && parts.Contains(nameof(RateLimitPartition.Global), StringComparer.OrdinalIgnoreCase))
            problems.Error(PathOf(section, nameof(policy.Partition)), $"{nameof(RateLimitPartition.Global)} is all requests together and goes with nothing else");
    }

    /// <summary>A part of the key that has a name needs it, and a name needs its part.</summary>
    private void CheckName(RateLimitPartition parts, RateLimitPartition part, SettingsNode section, string key, Func<string, string?> faultOf)
    {
        var (path, name) = (PathOf(section, key), section.Text(key));
        if (!parts.HasFlag(part) && name is not null)
            problems.Error(path, $"applies only to Partition {part}");
        else if (parts.HasFlag(part) && string.IsNullOrEmpty(name))
            problems.Error(path, $"Partition {part} needs it");
        else if (name is not null && faultOf(name) is { } fault)
            problems.Error(path, $"{Quote.Value(name)} {fault}");
    }

    private static NetworkSet Networks(SettingsNode? list)
    {
        var networks = new List<IPNetwork>();
        foreach (var entry in list?.Children ?? [])
        {
            if (NetworkText.TryParse(entry.Value ?? "", out var network))
                networks.Add(network);
        }

        return networks.Count == 0 ? NetworkSet.Empty : NetworkSet.Of(networks);
    }

    private static bool IsTrue(SettingsNode section, string key) => section.Text(key) is { } text && bool.Parse(text);

    private static string PathOf(SettingsNode section, string key) => $"{section.Path}:{key}";
}
