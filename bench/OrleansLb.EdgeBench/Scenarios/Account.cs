using OrleansLb.BenchProcesses;
using OrleansLb.EdgeBench.Contestants;
using OrleansLb.EdgeBench.Stages;

namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>Processor time used so far, or between two moments.</summary>
/// <param name="Server">By the contestant's own process and its workers.</param>
/// <param name="Cluster">By silos and Redis.</param>
/// <param name="Backend">By the backends.</param>
/// <param name="Ours">By everything that the benchmark started, and itself.</param>
/// <param name="Machine">By the whole machine.</param>
internal sealed record Account(TimeSpan Server, TimeSpan Cluster, TimeSpan Backend, TimeSpan Ours, TimeSpan Machine)
{
    public static Account operator -(Account later, Account earlier) => new(
        later.Server - earlier.Server, later.Cluster - earlier.Cluster, later.Backend - earlier.Backend, later.Ours - earlier.Ours, later.Machine - earlier.Machine);

    public static Account Take(Stage stage, Contestant contestant)
    {
        var everybody = ProcessFamily.Everybody();
        TimeSpan Sum(IEnumerable<ServerProcess> servers) => servers.Aggregate(TimeSpan.Zero, (sum, server) => sum + server.ProcessorTimeIn(everybody));
        return new Account(
            contestant.Server?.ProcessorTimeIn(everybody) ?? TimeSpan.Zero,
            Sum(stage.Cluster),
            stage.Backend.ProcessorTimeIn(everybody),
            // Load may be a process of its own, which has ended by then.
            Sum(stage.Servers) + Environment.CpuUsage.TotalTime + everybody.Single(static process => process.Id == Environment.ProcessId).EndedChildren,
            MachineTime.Busy);
    }

    /// <summary>Share of the machine that none of this used.</summary>
    /// <param name="elapsed">How long it was.</param>
    public double OthersOf(TimeSpan elapsed) => Math.Max(0, (Machine - Ours) / (elapsed * Environment.ProcessorCount));
}
