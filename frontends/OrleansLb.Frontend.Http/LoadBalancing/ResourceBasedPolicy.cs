using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>Any, by the capacity that the backends report; by weight while they do not.</summary>
internal sealed class ResourceBasedPolicy(PickPlans plans, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : DrawingPolicy(plans)
{
    public override string Name => LoadBalancingPolicyNames.ResourceBased;

    protected override int Pick(PickPlan plan, PickCandidates candidates, PickScratch scratch) =>
        candidates.ReportedAt(clock.GetElapsedTime(0)).Pick(ref scratch.Random);
}
