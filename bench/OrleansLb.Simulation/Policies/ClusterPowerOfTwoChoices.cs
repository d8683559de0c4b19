using System.Collections.Immutable;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class ClusterPowerOfTwoChoices(ImmutableArray<double> weights) : IPickPolicy
{
    private readonly AliasTable _table = AliasTable.Build(weights.AsSpan());

    public int Pick(in PickSituation situation, ref PickRandom random)
    {
        var (first, second) = PowerOfTwoChoicesPicker.Sample(_table, ref random);
        var outlook = situation.View.At(situation.Now);
        return PowerOfTwoChoicesPicker.Better(
            first, LoadEstimate.Load(situation, outlook, first), second, LoadEstimate.Load(situation, outlook, second), _table);
    }
}
