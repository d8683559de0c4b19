using System.Globalization;
using OrleansLb.BenchProcesses;
using OrleansLb.EdgeBench.Contestants;
using OrleansLb.EdgeBench.Reports;
using OrleansLb.EdgeBench.Stages;
using OrleansLb.Reports;

namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>How much goes through everybody in turns, as something about the load grows.</summary>
/// <param name="name">As the command line calls it.</param>
/// <param name="title">Its heading.</param>
/// <param name="text">What is run.</param>
/// <param name="cases">The loads, in the order of the table.</param>
/// <param name="needs">What must be installed for it.</param>
internal sealed class SaturationScenario(string name, string title, string text, IReadOnlyList<SaturationCase> cases, params IReadOnlyList<Need> needs) : IScenario
{
    private const int MostConnections = 18_000;

    public string Name => name;

    public IReadOnlyList<Need> Needs => needs;

    public async Task<Finding> Run(Effort effort, CancellationToken cancellation)
    {
        var logs = new List<(SaturationCase Case, TurnLog Log)>();
        foreach (var samePlan in cases.GroupBy(static each => each.Plan).Where(group => effort.Contestants.Any(group.Key.IsFor)))
        {
            using var stage = await Stage.Start(effort.Contestants, samePlan.Key, MostConnections, cancellation);
            var contestants = stage.Contestants.Where(static contestant => !contestant.KeepsSessions).ToArray();
            var meter = new TurnMeter(stage, cancellation);
            await CallEach(samePlan, stage, cancellation);
            foreach (var contestant in contestants)
                meter.Saturate(contestant, samePlan.First().Clients, contestant.IsDotNet ? effort.WarmUp : effort.Turn);
            foreach (var each in samePlan)
                logs.Add((each, await Measure(each, isWarm: each == samePlan.First(), contestants, meter, effort, cancellation)));
        }

        return logs.Count > 0 ? new Finding([Report(logs)], Turns(logs)) : throw new BenchException($"None of those who are asked for can do what {name} measures.");
    }

    private static async Task CallEach(IEnumerable<SaturationCase> cases, Stage stage, CancellationToken cancellation)
    {
        foreach (var each in cases.Where(static each => each.Call is not null))
        {
            foreach (var contestant in stage.Contestants)
                await GrpcCall.Check(contestant, stage.Certificate!, each.Call!, each.Bytes, cancellation);
        }
    }

    private static async Task<TurnLog> Measure(SaturationCase each, bool isWarm, Contestant[] contestants, TurnMeter meter, Effort effort, CancellationToken cancellation)
    {
        var log = new TurnLog(contestants);
        // The first round of a load that is new is for connections to backends and for the compiler.
        for (var round = isWarm ? 1 : 0; round <= effort.Rounds; round++)
        {
            await effort.Progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"round {round} of {effort.Rounds}, {each.Name}"));
            foreach (var contestant in contestants)
            {
                if (round == 0)
                    meter.Saturate(contestant, each.Clients, effort.Turn);
                else
                    log.Add(contestant, KeepAliveLoads.Saturated, await effort.Patience.Measure(() => meter.Saturate(contestant, each.Clients, effort.Turn), static turn => turn.Others, cancellation));
            }
        }

        return log;
    }

    private Section Report(List<(SaturationCase Case, TurnLog Log)> logs)
    {
        var table = new Table("load", "through", "requests a second", "MB a second", "CPU (us a request)", "p99 (ms)", "/ stock YARP", "/ nginx");
        foreach (var (each, log) in logs)
        {
            foreach (var contestant in log.Contestants)
            {
                var answers = log.Figures(contestant, KeepAliveLoads.Saturated, static turn => turn.Load.Throughput);
                table.Add(
                    each.Name, contestant.Name, Spread.Of(answers).ToString("F0"),
                    (Spread.Of(answers).Median * each.Bytes / 1e6).ToString("F0", CultureInfo.InvariantCulture),
                    Spread.Of(log.Figures(contestant, KeepAliveLoads.Saturated, static turn => turn.ServerCost)).ToString("F1"),
                    Spread.Of(log.Figures(contestant, KeepAliveLoads.Saturated, static turn => turn.Load.Times.Quantile(0.99))).ToString("F1"),
                    Ratio(log, answers, "stock YARP"), Ratio(log, answers, "nginx"));
            }
        }

        var (last, lastLog) = logs[^1];
        var bars = lastLog.Contestants.Select(contestant => (contestant.Name, Spread.Of(lastLog.Figures(contestant, KeepAliveLoads.Saturated, static turn => turn.Load.Throughput))));
        return new Section(title, text + " Ratios are of requests a second.", table, new BarPicture($"{title}: {last.Name}", "requests a second", [.. bars]), [.. logs.SelectMany(static each => each.Log.Failures().Select(failure => $"{each.Case.Name}: {failure}"))]);
    }

    private static string Ratio(TurnLog log, IReadOnlyList<double> answers, string than) => log.Find(than) is { } other
        ? Spread.Ratio(answers, log.Figures(other, KeepAliveLoads.Saturated, static turn => turn.Load.Throughput)).Median.ToString("F2", CultureInfo.InvariantCulture)
        : "-";

    private static Table Turns(List<(SaturationCase Case, TurnLog Log)> logs)
    {
        var table = new Table("load", "contestant", "answered", "failed", "answers/s", "CPU (us/answer)", "p99 (ms)", "others (%)");
        foreach (var (each, log) in logs)
        {
            foreach (var (contestant, _, turn) in log.Turns)
            {
                table.Add(
                    each.Name, contestant.Name, turn.Load.Answered, turn.Load.Failed, turn.Load.Throughput, turn.ServerCost, turn.Load.Times.Quantile(0.99), 100 * turn.Others);
            }
        }

        return table;
    }
}
