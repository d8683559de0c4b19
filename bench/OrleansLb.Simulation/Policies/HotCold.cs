using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class HotCold(int backends) : TimedPolicy(backends)
{
    protected override int Pick(LoadEstimate loads, ResponseTimeEstimate times, Candidates candidates, ref PickRandom random) =>
        HotColdPicker.Pick(loads.Loads, times.Paces, times.HotAbove, loads.Unseen, candidates.Alias, ref random);
}
