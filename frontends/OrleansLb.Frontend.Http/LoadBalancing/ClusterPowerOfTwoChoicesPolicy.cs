using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>The better of two drawn by weight, by the requests in flight from all front-ends together.</summary>
internal sealed class ClusterPowerOfTwoChoicesPolicy(PickPlans plans, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : DrawingPolicy(plans)
{
    public override string Name => LoadBalancingPolicyNames.ClusterPowerOfTwoChoices;

    protected override int Pick(PickPlan plan, PickCandidates candidates, PickScratch scratch)
    {
        var table = candidates.Alias;
        var (first, second) = PowerOfTwoChoicesPicker.Sample(table, ref scratch.Random);
        if (first == second)
            return first;
        var view = candidates.ViewAt(clock.GetElapsedTime(0));
        return PowerOfTwoChoicesPicker.Better(first, candidates.Load(first, view), second, candidates.Load(second, view), table);
    }
}
