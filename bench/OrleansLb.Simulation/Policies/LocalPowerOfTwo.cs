using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class LocalPowerOfTwo : IPickPolicy
{
    public int Pick(in PickSituation situation, ref PickRandom random) => BetterOfTwo.Pick(situation.Own, situation.Candidates, ref random);
}
