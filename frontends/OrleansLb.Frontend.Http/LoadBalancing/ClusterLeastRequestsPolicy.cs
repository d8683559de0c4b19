using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>The fewest requests in flight from all front-ends together, relative to weight.</summary>
internal sealed class ClusterLeastRequestsPolicy(PickPlans plans, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : DrawingPolicy(plans)
{
    public override string Name => LoadBalancingPolicyNames.ClusterLeastRequests;

    protected override int Pick(PickPlan plan, PickCandidates candidates, PickScratch scratch)
    {
        var loads = scratch.Loads(candidates.Count);
        var known = scratch.Known(candidates.Count);
        var unseen = candidates.Estimate(loads, known, clock.GetElapsedTime(0));
        return LeastRequestsPicker.Pick(loads, known, candidates.Weights, unseen, ref scratch.Random);
    }
}
