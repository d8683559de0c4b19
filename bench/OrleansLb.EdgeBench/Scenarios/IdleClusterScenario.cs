using System.Globalization;
using OrleansLb.BenchProcesses;
using OrleansLb.EdgeBench.Stages;
using OrleansLb.Reports;

namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>What a cluster costs that has nothing to do: by silos, front-ends, pools and backends.</summary>
internal sealed class IdleClusterScenario(string name, IReadOnlyList<(int Silos, int Frontends, int Pools)> clusters) : IScenario
{
    private const double MostPercent = 2;
    private const int BackendsPerPool = 10;

    /// <summary>The cluster that must cost next to nothing.</summary>
    public static IdleClusterScenario One { get; } = new("idle-cluster", [(3, 4, 10)]);

    /// <summary>Clusters that grow.</summary>
    public static IdleClusterScenario Growing { get; } = new("growing-cluster", [(3, 1, 10), (3, 4, 10), (3, 4, 100), (3, 16, 10)]);

    public string Name => name;

    public async Task<Finding> Run(Effort effort, CancellationToken cancellation)
    {
        var (table, turns, misses) = (
            new Table("front-ends", "pools", "backends", "process", "CPU (% of one processor)", "memory (MB)"), new Table("front-ends", "pools", "process", "seconds", "CPU (s)"), new List<string>());
        foreach (var (silos, frontends, pools) in clusters.Take(effort.IsQuick ? 1 : clusters.Count))
        {
            await effort.Progress.WriteLineAsync($"an idle cluster of {silos} silos, {frontends} front-ends and {pools} pools");
            using var cluster = await WholeCluster.Start(silos, frontends, pools, BackendsPerPool, cancellation);
            // What starting has left to do is no cost of standing idle.
            await Task.Delay(effort.WarmUp + effort.WarmUp, TimeProvider.System, cancellation);
            var windows = new List<Dictionary<ServerProcess, double>>();
            for (var round = 0; round < effort.Rounds; round++)
                windows.Add(await Window(cluster, frontends, pools, effort.WarmUp, turns, cancellation));
            foreach (var role in cluster.Members.GroupBy(static member => Role(member)))
            {
                // Of several that do the same, the dearest in each window.
                var dearest = Spread.Of(windows.Select(window => role.Max(member => window[member])));
                table.Add(
                    frontends, pools, pools * BackendsPerPool, role.Count() == 1 ? role.Key : $"dearest {role.Key}", dearest.ToString("F2"),
                    (role.Max(static member => member.Memory) / 1e6).ToString("F0", CultureInfo.InvariantCulture));
                if (dearest.Median > MostPercent && (frontends, pools) == (4, 10))
                    misses.Add(string.Create(CultureInfo.InvariantCulture, $"an idle cluster: a {role.Key} takes {dearest.Median:F1} % of a processor, where at most {MostPercent:F0} is asked for."));
            }
        }

        return new Finding([Report(table, misses)], turns);
    }

    private static async Task<Dictionary<ServerProcess, double>> Window(WholeCluster cluster, int frontends, int pools, TimeSpan length, Table turns, CancellationToken cancellation)
    {
        var (before, began) = (ProcessFamily.Everybody(), TimeProvider.System.GetTimestamp());
        await Task.Delay(length, TimeProvider.System, cancellation);
        var (after, elapsed) = (ProcessFamily.Everybody(), TimeProvider.System.GetElapsedTime(began));
        var used = cluster.Members.ToDictionary(static member => member, member => member.ProcessorTimeIn(after) - member.ProcessorTimeIn(before));
        foreach (var (member, time) in used)
            turns.Add(frontends, pools, member.Name, elapsed.TotalSeconds, time.TotalSeconds);
        return used.ToDictionary(static each => each.Key, each => 100 * (each.Value / elapsed));
    }

    private static Section Report(Table table, List<string> misses) => new(
        "An idle cluster",
        "Three silos, with a Redis that they meet in, and ten backends a pool that are probed every 5 s; no requests. By the operating system's accounting of each process, in windows one after the other. "
        + "Ticks of that accounting are 10 ms, which is 0.1 % of a window.",
        table,
        Picture: null,
        misses);

    private static string Role(ServerProcess member) => member.Name switch
    {
        "redis-server" => "Redis",
        var name when name.StartsWith("silo", StringComparison.Ordinal) => "silo",
        _ => "front-end",
    };
}
