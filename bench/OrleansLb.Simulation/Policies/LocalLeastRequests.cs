using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

/// <summary>What every balancer without shared state does at its best.</summary>
internal sealed class LocalLeastRequests : IPickPolicy
{
    public int Pick(in PickSituation situation, ref PickRandom random) => LeastOfAll.Pick(situation.Own, situation.Candidates, ref random);
}
