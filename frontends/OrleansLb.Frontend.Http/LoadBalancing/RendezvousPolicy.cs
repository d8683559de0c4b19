using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>Weighted rendezvous: as many steps as there are backends, and the fewest keys moved by a change.</summary>
internal sealed class RendezvousPolicy(PickPlans plans) : HashingPolicy(plans)
{
    public override string Name => LoadBalancingPolicyNames.Rendezvous;

    protected override int Pick(HashTables tables, HashKey key, PickCandidates candidates) =>
        WeightedRendezvous.Pick(key, tables.Backends, candidates.Places);
}
