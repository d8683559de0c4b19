using OrleansLb.Core.Configuration;
using OrleansLb.Core.Snapshots;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration;

/// <summary>One version of the configuration in the forms in which it is used.</summary>
/// <param name="Snapshot">What silos and front-ends decide from.</param>
/// <param name="Routes">What YARP is given: its own reading of the file, with cluster-wide features taken out of its hands.</param>
/// <param name="Clusters">What YARP is given, likewise.</param>
/// <param name="Generations">The ledger once this version is in force.</param>
public sealed record CompiledConfiguration(
    ClusterSnapshot Snapshot,
    IReadOnlyList<RouteConfig> Routes,
    IReadOnlyList<ClusterConfig> Clusters,
    GenerationLedger Generations)
{
    /// <summary>What a process knows before it has seen any configuration: version 0, no routes, no pools.</summary>
    public static CompiledConfiguration Empty { get; } = new(ClusterSnapshot.Empty, [], [], GenerationLedger.Empty);
}
