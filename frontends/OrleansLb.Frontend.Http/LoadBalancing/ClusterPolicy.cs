using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>A way to pick that knows the pool behind YARP's destinations. Picks without allocating.</summary>
internal abstract class ClusterPolicy(PickPlans plans) : ILoadBalancingPolicy
{
    public abstract string Name { get; }

    public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations) =>
        availableDestinations.Count switch
        {
            0 => null,
            1 => availableDestinations[0],
            _ => Pick(context, plans.Of(cluster.ClusterId, availableDestinations)),
        };

    /// <summary>Picks one of two or more destinations.</summary>
    /// <param name="context">The request.</param>
    /// <param name="plan">What it may be sent to.</param>
    protected abstract DestinationState? Pick(HttpContext context, PickPlan plan);
}
