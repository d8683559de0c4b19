using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Draining;
using OrleansLb.Core.Snapshots;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Pools;

/// <summary>Reads YARP's clusters, and our keys beside YARP's, as pools.</summary>
internal sealed class PoolReader(SettingsNode root, Problems problems)
{
    private const int DefaultPanicPercent = 50;

    private readonly BackendReader _backends = new(root, BackendNetworks.Read(root, problems), problems);

    public PoolSettings Read(ClusterConfig cluster)
    {
        CheckSize(cluster);
        CheckMetadata(cluster);
        var agent = AgentReader.Read(cluster.ClusterId, root, problems);
        ClusterPolicies.Check(cluster, hasAgents: agent is not null, problems);
        var ours = root.Find($"ReverseProxy:Clusters:{cluster.ClusterId}:OrleansLb:HealthCheck");
        return new PoolSettings(
            cluster.ClusterId,
            _backends.Read(cluster, agent),
            BalancingReader.Read(cluster, root, problems),
            ActiveHealthReader.Read(cluster, root, problems),
            ClusterPolicies.HasClusterPassive(cluster),
            OutlierReader.Read(cluster, root, problems),
            CircuitReader.Read(cluster.ClusterId, root, problems),
            agent,
            ours.Whole(nameof(PoolDefinition.PanicPercent)) ?? DefaultPanicPercent,
            ConcurrencyReader.Read(cluster.ClusterId, root, problems),
            RetryReader.Read(cluster.ClusterId, root),
            RebalanceReader.Read(cluster, root, problems),
            root.Find($"ReverseProxy:Clusters:{cluster.ClusterId}:OrleansLb").Time(nameof(PoolDefinition.DrainTimeout)) ?? DrainMachine.DefaultTimeout,
            ClusterPolicies.HasClusterSessions(cluster),
            SessionReader.Read(cluster, root, problems));
    }

    // A front-end's report names each of its backends; a longer one would be refused.
    private void CheckSize(ClusterConfig cluster)
    {
        if (cluster.Destinations?.Count > PoolLoadMachine.MaxEntries)
        {
            problems.Error(
                $"ReverseProxy:Clusters:{cluster.ClusterId}:Destinations",
                FormattableString.Invariant($"has {cluster.Destinations.Count} destinations; at most {PoolLoadMachine.MaxEntries} are allowed"));
        }
    }

    private void CheckMetadata(ClusterConfig cluster)
    {
        foreach (var key in cluster.Metadata?.Keys ?? [])
            if (key.StartsWith(ClusterMetadataKeys.Prefix, StringComparison.OrdinalIgnoreCase))
                problems.Error($"ReverseProxy:Clusters:{cluster.ClusterId}:Metadata:{key}", $"metadata whose name begins with {ClusterMetadataKeys.Prefix} is reserved");
    }
}
