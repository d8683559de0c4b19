using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class ClusterPowerOfTwoChoices : IPickPolicy
{
    public int Pick(in PickSituation situation, ref PickRandom random)
    {
        var table = situation.Candidates.Alias;
        var backends = situation.Candidates.Backends;
        var (first, second) = PowerOfTwoChoicesPicker.Sample(table, ref random);
        var outlook = situation.View.At(situation.Now);
        return PowerOfTwoChoicesPicker.Better(
            first, LoadEstimate.Load(situation, outlook, backends[first]), second, LoadEstimate.Load(situation, outlook, backends[second]), table);
    }
}
