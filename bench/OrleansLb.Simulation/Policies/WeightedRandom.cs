using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class WeightedRandom : IPickPolicy
{
    public int Pick(in PickSituation situation, ref PickRandom random) => situation.Candidates.Alias.Pick(ref random);
}
