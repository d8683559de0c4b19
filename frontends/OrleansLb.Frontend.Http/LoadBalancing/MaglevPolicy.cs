using OrleansLb.Core.Hashing;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>Maglev's table. The policies named after their key are this one with that key.</summary>
/// <param name="name">Name of the policy.</param>
/// <param name="plans">Plans of destinations.</param>
internal sealed class MaglevPolicy(string name, PickPlans plans) : HashingPolicy(plans)
{
    public override string Name => name;

    protected override int Pick(HashTables tables, HashKey key, PickCandidates candidates) => tables.Maglev?.Pick(key, candidates.Places) ?? -1;
}
