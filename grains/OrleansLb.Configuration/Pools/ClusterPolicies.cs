using System.Collections.Immutable;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Health;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Pools;

/// <summary>
/// Which of a cluster's policies are the cluster-wide ones, and what names YARP would not know. YARP looks at a feature's
/// policy only while the feature is enabled, so that one switched off may name anything.
/// </summary>
internal static class ClusterPolicies
{
    public static bool HasClusterActive(ClusterConfig cluster) =>
        cluster.HealthCheck?.Active is { Enabled: true, Policy: { } policy } && Is(policy, ActiveHealthPolicyNames.ClusterConsecutiveFailures);

    public static bool HasClusterPassive(ClusterConfig cluster) =>
        cluster.HealthCheck?.Passive is { Enabled: true, Policy: { } policy } && Is(policy, PassiveHealthPolicyNames.ClusterOutlier);

    /// <summary>Whether sessions stay with a backend that drains: YARP's own affinity knows available destinations only.</summary>
    public static bool HasClusterSessions(ClusterConfig cluster) => HasSealedSessions(cluster) || HasLearnedSessions(cluster);

    public static bool HasSealedSessions(ClusterConfig cluster) =>
        cluster.SessionAffinity is { Enabled: true, Policy: { } policy } && Is(policy, SessionAffinityPolicyNames.ClusterCookie);

    public static bool HasLearnedSessions(ClusterConfig cluster) =>
        cluster.SessionAffinity is { Enabled: true, Policy: { } policy } && Is(policy, SessionAffinityPolicyNames.ClusterSession);

    public static void Check(ClusterConfig cluster, bool hasAgents, Problems problems)
    {
        var path = $"ReverseProxy:Clusters:{cluster.ClusterId}";
        if (cluster.SessionAffinity is { Enabled: true } affinity)
        {
            CheckName(affinity.Policy, SessionAffinityPolicyNames.All, $"{path}:SessionAffinity:Policy", problems);
            CheckName(affinity.FailurePolicy, AffinityFailurePolicyNames.All, $"{path}:SessionAffinity:FailurePolicy", problems);
        }

        if (cluster.HealthCheck?.Active is { Enabled: true } active)
            CheckName(active.Policy, ActiveHealthPolicyNames.All, $"{path}:HealthCheck:Active:Policy", problems);
        if (cluster.HealthCheck?.Passive is { Enabled: true } passive)
            CheckName(passive.Policy, PassiveHealthPolicyNames.All, $"{path}:HealthCheck:Passive:Policy", problems);
        CheckAvailability(cluster, hasAgents, $"{path}:HealthCheck:AvailableDestinationsPolicy", problems);
    }

    private static void CheckAvailability(ClusterConfig cluster, bool hasAgents, string path, Problems problems)
    {
        var policy = cluster.HealthCheck?.AvailableDestinationsPolicy;
        if (string.IsNullOrEmpty(policy) || Is(policy, AvailableDestinationsPolicyNames.ClusterHealthyOrPanic))
            return;
        if (HasClusterActive(cluster) || HasClusterPassive(cluster) || hasAgents)
            problems.Error(path, $"{Quote.Value(policy)} sees only checks of its own process and would ignore the cluster's; "
                + $"use {AvailableDestinationsPolicyNames.ClusterHealthyOrPanic} or leave it out");
    }

    private static void CheckName(string? name, ImmutableArray<string> known, string path, Problems problems)
    {
        if (!string.IsNullOrEmpty(name) && !known.Contains(name, StringComparer.OrdinalIgnoreCase))
            problems.Error(path, $"unknown policy {Quote.Value(name)}; known: {Quote.Names(known)}");
    }

    private static bool Is(string name, string policy) => string.Equals(name, policy, StringComparison.OrdinalIgnoreCase);
}
