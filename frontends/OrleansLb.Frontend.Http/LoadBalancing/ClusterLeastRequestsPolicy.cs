using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Balancing;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>The fewest requests in flight from all front-ends together, relative to weight. Picks without allocating.</summary>
internal sealed class ClusterLeastRequestsPolicy(PoolTable pools, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : ILoadBalancingPolicy
{
    // YARP keeps a list of destinations until a configuration or a verdict changes it; what belongs to it is found out once.
    private readonly ConditionalWeakTable<IReadOnlyList<DestinationState>, PickCandidates> _candidates = [];

    public string Name => LoadBalancingPolicyNames.ClusterLeastRequests;

    public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations)
    {
        var count = availableDestinations.Count;
        if (count <= 1)
            return count == 0 ? null : availableDestinations[0];
        var candidates = Candidates(cluster.ClusterId, availableDestinations);
        var scratch = PickScratch.OfThread(count);
        var loads = scratch.Loads.AsSpan(0, count);
        var known = scratch.Known.AsSpan(0, count);
        var unseen = candidates.Estimate(loads, known, clock.GetElapsedTime(0));
        return availableDestinations[LeastRequestsPicker.Pick(loads, known, candidates.Weights, unseen, ref scratch.Random)];
    }

    private PickCandidates Candidates(string poolId, IReadOnlyList<DestinationState> destinations)
    {
        var table = pools.Current;
        if (_candidates.TryGetValue(destinations, out var known) && known.IsCurrent(table))
            return known;
        var candidates = new PickCandidates(table, poolId, destinations);
        _candidates.AddOrUpdate(destinations, candidates);
        return candidates;
    }
}
