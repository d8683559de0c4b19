using System.Collections.Immutable;
using OrleansLb.Core;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;

namespace OrleansLb.Simulation.Policies;

internal sealed class BoundedLoadHash(ImmutableArray<double> weights) : IPickPolicy
{
    private readonly LoadEstimate _loads = new(RuleConstants.Shipped);
    private readonly MaglevTable _table = MaglevTable.Build([.. weights.Select(static (weight, i) => new WeightedBackend(BackendKey.Of("pool", $"b{i}", 1), (int)weight))]);

    public int Pick(in PickSituation situation, ref PickRandom random)
    {
        _loads.Take(situation);
        return BoundedLoadPicker.Pick(_table, HashKey.Of(BitConverter.GetBytes(situation.Key)), situation.Candidates.Places, _loads.Loads, situation.Candidates.Weights);
    }
}
