using OrleansLb.Core.Balancing;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>Any, by weight.</summary>
internal sealed class WeightedRandomPolicy(PickPlans plans) : DrawingPolicy(plans)
{
    public override string Name => LoadBalancingPolicyNames.WeightedRandom;

    protected override int Pick(PickPlan plan, PickCandidates candidates, PickScratch scratch) =>
        candidates.Alias.Pick(ref scratch.Random);
}
