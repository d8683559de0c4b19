using System.Globalization;
using OrleansLb.BenchProcesses;
using OrleansLb.EdgeBench.Contestants;
using OrleansLb.EdgeBench.Reports;
using OrleansLb.EdgeBench.Stages;
using OrleansLb.LoadGenerator.Load;
using OrleansLb.Reports;

namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>Memory of connections that were used once and are kept: each round with new processes, because none gives memory back.</summary>
internal sealed class IdleConnectionsScenario : IScenario
{
    // Twice of it, for both sides of a proxy, fits the 20,000 files that a process may have open where nobody changed that.
    private const int Connections = 8_000;
    private const int FewConnections = 200;
    private const int WarmConnections = 32;
    private const int Backends = 4;

    // What is measured is the memory of a connection, not that of thousands of requests at once.
    private const double OpenedPerSecond = 4_000;

    // It does not matter how long that takes, only that each has its answer.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public string Name => "idle-connections";

    public async Task<Finding> Run(Effort effort, CancellationToken cancellation)
    {
        var count = effort.IsQuick ? FewConnections : Connections;
        var found = new List<(string Name, double Before, double After)>();
        for (var round = 1; round <= effort.Rounds; round++)
        {
            await effort.Progress.WriteLineAsync($"round {round} of {effort.Rounds}, idle connections");
            using var stage = await Stage.Start(effort.Contestants, new StagePlan(Backends), 2 * Connections, cancellation);
            foreach (var contestant in stage.Contestants.Where(static contestant => !contestant.KeepsSessions))
                found.Add(Measure(contestant, await contestant.Requests(1, "/", cancellation), count, effort.Turn, cancellation));
        }

        return new Finding([Report(found, count)], Turns(found, count));
    }

    private static (string Name, double Before, double After) Measure(Contestant contestant, byte[][] request, int count, TimeSpan warmUp, CancellationToken cancellation)
    {
        using (var few = new HttpLoad(contestant.Address, [.. Enumerable.Repeat(request[0], WarmConnections)]))
            few.Run(Pace.Saturating, warmUp, cancellation);
        var before = contestant.Server!.Memory;
        using var load = new HttpLoad(contestant.Address, [.. Enumerable.Repeat(request[0], count)]);
        // One request on each: the one that was free longest is always next.
        var result = load.Run(Pace.Fixed(OpenedPerSecond, TimeProvider.System.TimestampFrequency), TimeSpan.FromSeconds(count / OpenedPerSecond), cancellation, Grace);
        if (result.Answered < count)
            throw new BenchException($"{contestant.Name} answered {result.Answered} of {count} connections; the first failure: {result.FirstFailure ?? "none"}");
        return (contestant.Name, before, contestant.Server.Memory);
    }

    private static Section Report(List<(string Name, double Before, double After)> found, int count)
    {
        var table = new Table("through", "before (MB)", $"with {count} (MB)", "a connection (KB)", "10,000 connections (MB)");
        var bars = new List<(string, Spread)>();
        foreach (var group in found.GroupBy(static each => each.Name))
        {
            var each = Spread.Of(group.Select(one => (one.After - one.Before) / count / 1e3));
            bars.Add((group.Key, each));
            table.Add(
                group.Key,
                Spread.Of(group.Select(static one => one.Before / 1e6)).ToString("F0"),
                Spread.Of(group.Select(static one => one.After / 1e6)).ToString("F0"),
                each.ToString("F1"),
                (each.Median * 10).ToString("F0", CultureInfo.InvariantCulture));
        }

        return new Section(
            "Memory of idle connections",
            $"{count} connections, each of which had one answer and is kept. Memory is the proportional set of the process and its workers, by the operating system; what the kernel keeps for sockets is in none. "
            + "The load before, on 32 connections, is what *before* is measured after.",
            table,
            new BarPicture("Memory of an idle connection", "KB", bars),
            []);
    }

    private static Table Turns(List<(string Name, double Before, double After)> found, int count)
    {
        var table = new Table("contestant", "connections", "bytes before", "bytes after");
        foreach (var (name, before, after) in found)
            table.Add(name, count, before, after);
        return table;
    }
}
