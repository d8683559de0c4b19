using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Orca;

namespace OrleansLb.Frontend.Pools;

/// <summary>What one backend reports of its load, for any number of writers and readers without a lock.</summary>
/// <remarks>
/// Writers that race leave the weight of one report beside the time of the other, a moment apart: each is as true. Who begins a series writes its beginning
/// first, so that nobody sees a fresh report of a series that seems older than it is.
/// </remarks>
internal sealed class LoadReportCell
{
    private long _sinceTicks;
    private long _atTicks;
    private double _weight;

    /// <summary>What is known.</summary>
    public ResourceLoad Load
    {
        get
        {
            var at = Volatile.Read(ref _atTicks);
            var weight = Volatile.Read(ref _weight);
            return new ResourceLoad(weight, new TimeSpan(Volatile.Read(ref _sinceTicks)), new TimeSpan(at));
        }
    }

    /// <summary>Takes in a report.</summary>
    /// <returns>Whether it says anything.</returns>
    public bool Observe(in OrcaReport report, TimeSpan now, ResourceLoadRules rules)
    {
        var known = Load;
        if (!known.TryObserve(report.RequestRate, report.FailureRate, report.Utilization, now, rules, out var next))
            return false;
        if (next.Since != known.Since)
            Volatile.Write(ref _sinceTicks, next.Since.Ticks);
        Volatile.Write(ref _weight, next.Weight);
        Volatile.Write(ref _atTicks, next.At.Ticks);
        return true;
    }
}
