using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>A way to pick that knows the pool behind YARP's destinations. Picks without allocating.</summary>
internal abstract class ClusterPolicy(CandidateSource source) : ILoadBalancingPolicy
{
    public abstract string Name { get; }

    public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations)
    {
        var count = availableDestinations.Count;
        if (count <= 1)
            return count == 0 ? null : availableDestinations[0];
        var index = Pick(context, source.Of(cluster.ClusterId, availableDestinations));
        return index < 0 ? null : availableDestinations[index];
    }

    /// <summary>Picks one of two or more candidates.</summary>
    /// <param name="context">The request.</param>
    /// <param name="candidates">What it may be sent to.</param>
    /// <returns>Position among the candidates; -1 for none.</returns>
    protected abstract int Pick(HttpContext context, PickCandidates candidates);
}
