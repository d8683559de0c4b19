using System.Collections.Immutable;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class LeastResponseTime(ImmutableArray<double> weights) : IPickPolicy
{
    private readonly LoadEstimate _loads = new();
    private readonly ResponseTimeEstimate _times = new(weights);

    public int Pick(in PickSituation situation, ref PickRandom random)
    {
        _loads.Take(situation);
        _times.Take(situation, _loads.Loads);
        return LeastResponseTimePicker.Pick(_loads.Loads, _loads.Known, _times.Speeds, _loads.Unseen, ref random);
    }

    public void Ended(int backend, TimeSpan took, TimeSpan now) => _times.Observe(backend, took, now);
}
