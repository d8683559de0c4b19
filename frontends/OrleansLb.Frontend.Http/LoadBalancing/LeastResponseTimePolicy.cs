using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>The least response time x requests in flight, both over all front-ends, relative to weight.</summary>
internal sealed class LeastResponseTimePolicy(PickPlans plans, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : DrawingPolicy(plans)
{
    public override string Name => LoadBalancingPolicyNames.LeastResponseTime;

    protected override int Pick(PickPlan plan, PickCandidates candidates, PickScratch scratch)
    {
        var now = clock.GetElapsedTime(0);
        var loads = scratch.Loads(candidates.Count);
        var known = scratch.Known(candidates.Count);
        var unseen = candidates.Estimate(loads, known, now);
        return LeastResponseTimePicker.Pick(loads, known, candidates.ResponseTimesAt(now).Speeds, unseen, ref scratch.Random);
    }
}
