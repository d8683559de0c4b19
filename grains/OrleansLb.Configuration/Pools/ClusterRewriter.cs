using System.Collections.Immutable;
using OrleansLb.Core.Health;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Pools;

/// <summary>
/// Takes out of YARP's hands what the cluster does: its own prober and its own passive policy stay off where ours are named,
/// and the verdicts of the cluster are heeded unless the file says otherwise. What front-ends need beside it joins the metadata. All else stays as YARP read it.
/// </summary>
internal static class ClusterRewriter
{
    public static ClusterConfig Rewrite(ClusterConfig cluster, BackendTls? tls, int preConnect)
    {
        if (tls is null && preConnect == 0)
            return WithHealth(cluster);
        var metadata = new Dictionary<string, string>(cluster.Metadata ?? ImmutableDictionary<string, string>.Empty, StringComparer.OrdinalIgnoreCase);
        if (tls is not null)
            metadata[ClusterMetadataKeys.Tls] = tls.ToString();
        if (preConnect > 0)
            metadata[ClusterMetadataKeys.PreConnect] = PreConnect.Text(preConnect);
        return WithHealth(cluster) with { Metadata = metadata };
    }

    private static ClusterConfig WithHealth(ClusterConfig cluster)
    {
        var active = ClusterPolicies.HasClusterActive(cluster);
        var passive = ClusterPolicies.HasClusterPassive(cluster);
        if (!active && !passive)
            return cluster;
        var health = cluster.HealthCheck!;
        return cluster with
        {
            HealthCheck = health with
            {
                Active = active ? health.Active! with { Enabled = false, Policy = null } : health.Active,
                Passive = passive ? health.Passive! with { Enabled = false, Policy = null } : health.Passive,
                AvailableDestinationsPolicy = string.IsNullOrEmpty(health.AvailableDestinationsPolicy)
                    ? AvailableDestinationsPolicyNames.ClusterHealthyOrPanic
                    : health.AvailableDestinationsPolicy,
            },
        };
    }
}
