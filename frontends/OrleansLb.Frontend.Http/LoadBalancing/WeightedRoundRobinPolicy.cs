using OrleansLb.Core.Balancing;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>One after the other by weight, evenly spread.</summary>
internal sealed class WeightedRoundRobinPolicy(PickPlans plans) : DrawingPolicy(plans)
{
    public override string Name => LoadBalancingPolicyNames.WeightedRoundRobin;

    protected override int Pick(PickPlan plan, PickCandidates candidates, PickScratch scratch) =>
        candidates.Schedule.Pick(plan.Turn.Next());
}
