using System.Collections.Immutable;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class WeightedRandom(ImmutableArray<double> weights) : IPickPolicy
{
    private readonly AliasTable _table = AliasTable.Build(weights.AsSpan());

    public int Pick(in PickSituation situation, ref PickRandom random) => _table.Pick(ref random);
}
