using System.Collections.Immutable;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class LeastResponseTime(ImmutableArray<double> weights) : TimedPolicy(weights)
{
    protected override int Pick(LoadEstimate loads, ResponseTimeEstimate times, ref PickRandom random) =>
        LeastResponseTimePicker.Pick(loads.Loads, loads.Known, times.Speeds, loads.Unseen, ref random);
}
