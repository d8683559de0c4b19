using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class InformedPowerOfTwo : IPickPolicy
{
    public int Pick(in PickSituation situation, ref PickRandom random) => BetterOfTwo.Pick(situation.InFlight, situation.Candidates, ref random);
}
