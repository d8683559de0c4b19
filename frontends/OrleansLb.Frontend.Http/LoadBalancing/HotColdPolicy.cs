using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>Prequal's rule on the cluster's snapshot: of those that are not busier than most, the one that responds first with what it has in flight now.</summary>
internal sealed class HotColdPolicy(PickPlans plans, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : DrawingPolicy(plans)
{
    public override string Name => LoadBalancingPolicyNames.HotCold;

    protected override int Pick(PickPlan plan, PickCandidates candidates, PickScratch scratch)
    {
        var now = clock.GetElapsedTime(0);
        var loads = scratch.Loads(candidates.Count);
        var unseen = candidates.Estimate(loads, now);
        var times = candidates.ResponseTimesAt(now);
        return HotColdPicker.Pick(loads, times.Paces, times.HotAbove, unseen, candidates.Alias, ref scratch.Random);
    }
}
