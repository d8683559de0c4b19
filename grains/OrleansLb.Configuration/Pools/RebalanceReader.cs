using System.Collections.Immutable;
using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Snapshots;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Pools;

/// <summary>Reads whether and how WebSockets are moved from backends that have too many.</summary>
internal static class RebalanceReader
{
    public const string Key = "Rebalance";

    // Where other policies send a client that comes back is not where there are fewest: it would be sent away again.
    private static readonly ImmutableArray<string> Policies =
        [LoadBalancingPolicyNames.ClusterLeastRequests, LoadBalancingPolicyNames.ClusterPowerOfTwoChoices, LoadBalancingPolicyNames.WeightedRoundRobin];

    /// <summary>Reads; a section, even an empty one, is what switches it on.</summary>
    public static RebalanceDefinition? Read(ClusterConfig cluster, SettingsNode root, Problems problems)
    {
        if (root.Find($"ReverseProxy:Clusters:{cluster.ClusterId}:OrleansLb:{Key}") is not { } ours)
            return null;
        Check(cluster, ours, root, problems);
        var defaults = new RebalanceDefinition();
        return new RebalanceDefinition
        {
            MaxPerSecond = ours.Whole(nameof(defaults.MaxPerSecond)) ?? defaults.MaxPerSecond,
            TolerancePercent = ours.Whole(nameof(defaults.TolerancePercent)) ?? defaults.TolerancePercent,
            MinAge = ours.Time(nameof(defaults.MinAge)) ?? defaults.MinAge,
        };
    }

    private static void Check(ClusterConfig cluster, SettingsNode ours, SettingsNode root, Problems problems)
    {
        if (!Policies.Contains(cluster.LoadBalancingPolicy ?? "", StringComparer.OrdinalIgnoreCase))
            problems.Error(ours.Path, $"does not go with the cluster's policy, which may send those who come back where they were; policies that send them where there is room: {Quote.Names(Policies)}");
        if (cluster.SessionAffinity?.Enabled == true)
            problems.Error(ours.Path, "does not go with SessionAffinity: sessions return to where they were");
        var path = $"ReverseProxy:Clusters:{cluster.ClusterId}";
        if (root.Find($"{path}:OrleansLb:Priority") is not null
            || root.Find($"{path}:OrleansLb:{nameof(BalancingDefinition.ZonePreference)}") is not null
            || (cluster.Destinations?.Keys ?? []).Any(id => root.Find($"{path}:Destinations:{id}:OrleansLb:{nameof(BackendDefinition.Priority)}") is not null))
        {
            problems.Error(ours.Path, "does not go with priorities and zones: backends that stand by have none on purpose");
        }
    }
}
