using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class WeightedRoundRobin(PolicySetup setup) : IPickPolicy
{
    private readonly PickTurn _turn = PickTurn.Of($"frontend-{setup.Frontend}", "pool");

    public int Pick(in PickSituation situation, ref PickRandom random) => situation.Candidates.Schedule.Pick(_turn.Next());
}
