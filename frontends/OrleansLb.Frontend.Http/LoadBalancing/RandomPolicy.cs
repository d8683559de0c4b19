using OrleansLb.Core.Balancing;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>Any, whatever their weight; takes the place of YARP's, which knows no tiers.</summary>
internal sealed class RandomPolicy(PickPlans plans) : DrawingPolicy(plans)
{
    public override string Name => LoadBalancingPolicyNames.Random;

    protected override int Pick(PickPlan plan, PickCandidates candidates, PickScratch scratch) =>
        RandomPicker.Pick(candidates.Count, ref scratch.Random);
}
