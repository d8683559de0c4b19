using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>A ring with points by weight.</summary>
internal sealed class ConsistentHashPolicy(PickPlans plans) : HashingPolicy(plans)
{
    public override string Name => LoadBalancingPolicyNames.ConsistentHash;

    protected override int Pick(HashTables tables, HashKey key, PickCandidates candidates) => tables.Ring?.Pick(key, candidates.Places) ?? -1;
}
