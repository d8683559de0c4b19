using OrleansLb.BenchProcesses.Growth;
using OrleansLb.Reports;

namespace OrleansLb.EdgeBench.Soak;

/// <summary>Beginning and end of the run's second half, process by process.</summary>
internal static class SoakTable
{
    public static Table Of(IEnumerable<ProcessSample> samples)
    {
        var table = new Table("process", "memory (MB)", "open files", "threads", "timers", "collections of the oldest generation");
        foreach (var process in samples.GroupBy(static sample => sample.Process))
        {
            var all = process.ToArray();
            var (from, to) = (all[all.Length / 2], all[^1]);
            table.Add(
                process.Key, Pair(from.Memory / 1_000_000, to.Memory / 1_000_000), Pair(from.Handles, to.Handles), Pair(from.Threads, to.Threads), Pair(from.Timers, to.Timers),
                Pair(from.Collections, to.Collections));
        }

        return table;
    }

    private static string Pair(long from, long to) => FormattableString.Invariant($"{from} to {to}");
}
