using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class LeastResponseTime(int backends) : TimedPolicy(backends)
{
    protected override int Pick(LoadEstimate loads, ResponseTimeEstimate times, Candidates candidates, ref PickRandom random) =>
        LeastResponseTimePicker.Pick(loads.Loads, loads.Known, times.Speeds, loads.Unseen, ref random);
}
