using System.Collections.Immutable;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

/// <summary>A policy that goes by response times beside the load.</summary>
internal abstract class TimedPolicy(ImmutableArray<double> weights) : IPickPolicy
{
    private readonly LoadEstimate _loads = new();
    private readonly ResponseTimeEstimate _times = new(weights);

    public int Pick(in PickSituation situation, ref PickRandom random)
    {
        _loads.Take(situation);
        _times.Take(situation, _loads.Loads);
        return Pick(_loads, _times, ref random);
    }

    public void Ended(int backend, TimeSpan took, TimeSpan now) => _times.Observe(backend, took, now);

    protected abstract int Pick(LoadEstimate loads, ResponseTimeEstimate times, ref PickRandom random);
}
