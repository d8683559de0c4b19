using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;
using OrleansLb.Core.Snapshots;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Pools;

/// <summary>Reads a cluster's policy and what surrounds it.</summary>
internal static class BalancingReader
{
    // Policies whose name says where their key is. A header or cookie still has to be named.
    private static readonly Dictionary<string, string[]> SourcesOf = new(StringComparer.Ordinal)
    {
        [LoadBalancingPolicyNames.IpHash] = [HashKeySourceNames.ClientIp],
        [LoadBalancingPolicyNames.UrlHash] = [HashKeySourceNames.Path, HashKeySourceNames.PathAndQuery],
        [LoadBalancingPolicyNames.HeaderHash] = [HashKeySourceNames.Header],
        [LoadBalancingPolicyNames.CookieHash] = [HashKeySourceNames.Cookie],
    };

    public static BalancingDefinition Read(ClusterConfig cluster, SettingsNode root, Problems problems)
    {
        var path = $"ReverseProxy:Clusters:{cluster.ClusterId}";
        var ours = root.Find($"{path}:OrleansLb");
        var policy = LoadBalancingPolicyNames.All.FirstOrDefault(name => string.Equals(name, cluster.LoadBalancingPolicy, StringComparison.OrdinalIgnoreCase)) ?? "";
        var priority = ours?.Child("Priority");
        if (policy.Length == 0 || LoadBalancingPolicyNames.OfYarp.Contains(policy))
            CheckIsHeeded(cluster, root, path, problems);
        var defaults = BalancingDefinition.Default;
        return new BalancingDefinition
        {
            Policy = policy,
            HashKey = HashKey(policy, ours?.Child("Hash"), $"{path}:OrleansLb:Hash", problems),
            LoadReports = LoadReports(policy, ours?.Child(nameof(BalancingDefinition.LoadReports)), problems),
            SlowStart = SlowStart(ours),
            OverprovisioningPercent = priority.Whole(nameof(BalancingDefinition.OverprovisioningPercent)) ?? defaults.OverprovisioningPercent,
            FailBackAfter = priority.Time(nameof(BalancingDefinition.FailBackAfter)) ?? defaults.FailBackAfter,
            ZonePreference = ours.Choice<ZonePreference>(nameof(BalancingDefinition.ZonePreference)) ?? defaults.ZonePreference,
        };
    }

    /// <summary>What is only an addition may be left out; a standby that gets half of the traffic may not.</summary>
    private static void CheckIsHeeded(ClusterConfig cluster, SettingsNode root, string path, Problems problems)
    {
        string[] policies = [.. LoadBalancingPolicyNames.All.Except(LoadBalancingPolicyNames.OfYarp)];
        void Check(string key, bool isError)
        {
            if (root.Find(key) is null)
                return;
            if (isError)
                problems.Error(key, $"has no effect with YARP's own policies, of which {LoadBalancingPolicyNames.PowerOfTwoChoices} is the default; those that heed it: {Quote.Names(policies)}");
            else
                problems.Warn(key, "has no effect with YARP's own policies (ignored)");
        }

        Check($"{path}:OrleansLb:Priority", isError: true);
        Check($"{path}:OrleansLb:{nameof(BalancingDefinition.ZonePreference)}", isError: true);
        Check($"{path}:OrleansLb:SlowStart", isError: false);
        foreach (var id in cluster.Destinations?.Keys ?? [])
        {
            Check($"{path}:Destinations:{id}:OrleansLb:{nameof(BackendDefinition.Priority)}", isError: true);
            Check($"{path}:Destinations:{id}:OrleansLb:{nameof(BackendDefinition.Weight)}", isError: false);
        }
    }

    private static SlowStartDefinition? SlowStart(SettingsNode? ours)
    {
        if (ours.Time("SlowStart") is not { } window || window == TimeSpan.Zero)
            return null;
        var plain = new SlowStartDefinition { Window = window };
        return plain with
        {
            Aggression = ours.Number("SlowStartAggression") ?? plain.Aggression,
            MinWeightPercent = ours.Whole("SlowStartMinPercent") ?? plain.MinWeightPercent,
        };
    }

    private static ResourceLoadRules LoadReports(string policy, SettingsNode? reports, Problems problems)
    {
        if (reports is not null && policy != LoadBalancingPolicyNames.ResourceBased)
            problems.Error(reports.Path, $"the cluster's policy reads no reports; the one that does: {LoadBalancingPolicyNames.ResourceBased}");
        var defaults = ResourceLoadRules.Default;
        return new ResourceLoadRules(
            reports.Number(nameof(ResourceLoadRules.ErrorPenalty)) ?? defaults.ErrorPenalty,
            reports.Time(nameof(ResourceLoadRules.Blackout)) ?? defaults.Blackout,
            reports.Time(nameof(ResourceLoadRules.Expiry)) ?? defaults.Expiry);
    }

    private static HashKeyDefinition HashKey(string policy, SettingsNode? hash, string path, Problems problems)
    {
        var allowed = SourcesOf.GetValueOrDefault(policy, [.. HashKeySourceNames.All]);
        if (hash is not null && !LoadBalancingPolicyNames.Hashing.Contains(policy))
            problems.Error(path, $"the cluster's policy hashes nothing; policies that do: {Quote.Names(LoadBalancingPolicyNames.Hashing)}");
        var source = SourceOf(hash, allowed, path, problems);
        var name = hash.Text(nameof(HashKeyDefinition.Name));
        var isNamed = source is HashKeySourceNames.Header or HashKeySourceNames.Cookie or HashKeySourceNames.QueryParameter;
        if (isNamed && string.IsNullOrEmpty(name))
            problems.Error($"{path}:{nameof(HashKeyDefinition.Name)}", $"must name the {source} whose value is the key; it is missing");
        else if (!isNamed && name is not null)
            problems.Error($"{path}:{nameof(HashKeyDefinition.Name)}", $"the source {source} has no name");
        return new HashKeyDefinition
        {
            Source = source,
            Name = isNamed ? name : null,
            IPv6PrefixLength = hash.Whole(nameof(HashKeyDefinition.IPv6PrefixLength)) ?? Core.Hashing.HashKey.DefaultIPv6PrefixLength,
        };
    }

    private static string SourceOf(SettingsNode? hash, string[] allowed, string path, Problems problems)
    {
        var written = hash.Text(nameof(HashKeyDefinition.Source));
        if (written is null)
            return allowed[0];
        if (allowed.FirstOrDefault(name => string.Equals(name, written, StringComparison.OrdinalIgnoreCase)) is { } source)
            return source;
        problems.Error($"{path}:{nameof(HashKeyDefinition.Source)}", $"{Quote.Value(written)} does not go with the cluster's policy; it takes: {Quote.Names(allowed)}");
        return allowed[0];
    }
}
