using OrleansLb.Core.Balancing;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>One after the other, whatever their weight; takes the place of YARP's, whose instances march in step when they start together.</summary>
internal sealed class RoundRobinPolicy(PickPlans plans) : DrawingPolicy(plans)
{
    public override string Name => LoadBalancingPolicyNames.RoundRobin;

    protected override int Pick(PickPlan plan, PickCandidates candidates, PickScratch scratch) =>
        RoundRobinPicker.Pick(candidates.Count, plan.Turn.Next());
}
