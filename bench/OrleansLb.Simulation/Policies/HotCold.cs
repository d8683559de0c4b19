using System.Collections.Immutable;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class HotCold(ImmutableArray<double> weights) : TimedPolicy(weights)
{
    protected override int Pick(LoadEstimate loads, ResponseTimeEstimate times, ref PickRandom random) =>
        HotColdPicker.Pick(loads.Loads, times.Paces, times.HotAbove, loads.Unseen, times.Table, ref random);
}
