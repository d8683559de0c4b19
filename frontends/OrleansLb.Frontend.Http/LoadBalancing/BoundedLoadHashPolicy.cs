using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>Consistent, but no backend far above its share of what is in flight from all front-ends together.</summary>
internal sealed class BoundedLoadHashPolicy(PickPlans plans, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : HashingPolicy(plans)
{
    public override string Name => LoadBalancingPolicyNames.BoundedLoadHash;

    protected override int Pick(HashTables tables, HashKey key, PickCandidates candidates)
    {
        if (tables.Maglev is not { } maglev)
            return -1;
        var loads = PickScratch.OfThread().Loads(candidates.Count);
        candidates.Estimate(loads, clock.GetElapsedTime(0));
        return BoundedLoadPicker.Pick(maglev, key, candidates.Places, loads, candidates.Weights);
    }
}
