using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class WeightedRoundRobin(PolicySetup setup) : IPickPolicy
{
    private readonly WeightedRoundRobinSchedule _schedule = WeightedRoundRobinSchedule.Build(setup.Weights.AsSpan());
    private readonly PickTurn _turn = PickTurn.Of($"frontend-{setup.Frontend}", "pool");

    public int Pick(in PickSituation situation, ref PickRandom random) => _schedule.Pick(_turn.Next());
}
