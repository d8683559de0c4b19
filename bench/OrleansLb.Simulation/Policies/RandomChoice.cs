using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class RandomChoice : IPickPolicy
{
    public int Pick(in PickSituation situation, ref PickRandom random) => situation.Candidates.Draw.Draw(ref random);
}
