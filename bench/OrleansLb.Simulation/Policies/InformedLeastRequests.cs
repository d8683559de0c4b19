using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class InformedLeastRequests : IPickPolicy
{
    public int Pick(in PickSituation situation, ref PickRandom random) => LeastOfAll.Pick(situation.InFlight, situation.Candidates, ref random);
}
