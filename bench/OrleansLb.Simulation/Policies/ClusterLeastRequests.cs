using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class ClusterLeastRequests(RuleConstants constants) : IPickPolicy
{
    private readonly LoadEstimate _estimate = new(constants);

    public int Pick(in PickSituation situation, ref PickRandom random)
    {
        _estimate.Take(situation);
        return LeastRequestsPicker.Pick(_estimate.Loads, _estimate.Known, situation.Candidates.Weights, _estimate.Unseen, ref random);
    }
}
