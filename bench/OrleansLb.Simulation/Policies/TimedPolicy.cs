using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

/// <summary>A policy that goes by response times beside the load.</summary>
/// <param name="backends">Backends of the pool.</param>
internal abstract class TimedPolicy(int backends) : IPickPolicy
{
    private readonly LoadEstimate _loads = new(RuleConstants.Shipped);
    private readonly ResponseTimeEstimate _times = new(backends);

    public int Pick(in PickSituation situation, ref PickRandom random)
    {
        _loads.Take(situation);
        _times.Take(situation, _loads.Loads);
        return Pick(_loads, _times, situation.Candidates, ref random);
    }

    public void Answered(int backend, TimeSpan took, TimeSpan now) => _times.Observe(backend, took, now);

    protected abstract int Pick(LoadEstimate loads, ResponseTimeEstimate times, Candidates candidates, ref PickRandom random);
}
