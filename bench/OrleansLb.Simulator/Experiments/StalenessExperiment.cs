using System.Globalization;
using OrleansLb.Reports;
using OrleansLb.Simulation.Policies;
using OrleansLb.Simulation.Scenarios;
using OrleansLb.Simulation.Statistics;
using OrleansLb.Simulator.Reports;

namespace OrleansLb.Simulator.Experiments;

/// <summary>How old may what front-ends know of each other be?</summary>
internal sealed class StalenessExperiment : IExperiment
{
    private static readonly double[] Intervals = [0, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10];

    public string Name => "staleness";

    public string Description => "Cluster least requests at exchange intervals from 0 to 10 service times";

    public IReadOnlyList<Section> Run(Effort effort)
    {
        var scenario = new Scenario
        {
            Frontends = 5,
            Backends = Scenario.Alike(50),
            Load = 0.9,
            DelaySeconds = 0,
            Duration = effort.Long(4000),
        };
        effort.Say("without exchange");
        var references = new References(effort, scenario);
        var table = new Table("policy", "interval", "mean", "/ local least requests", "/ local power of two", "p50", "p99", "p99.9", "spread", "herd index", "exchanges/request");
        var misses = new List<string>();
        AddRow(table, "-", references.LeastRequests, references);
        AddRow(table, "-", references.PowerOfTwo, references);
        var times = new List<double>();
        foreach (var interval in Intervals)
        {
            effort.Say($"interval {interval.ToString(CultureInfo.InvariantCulture)}");
            var outcome = effort.Replications.Run(scenario with { Staleness = Staleness.Every(interval) }, PolicyCatalogue.ClusterLeastRequests);
            AddRow(table, Cells.Number(interval), outcome, references);
            times.Add(outcome.Mean.Value);
            misses.AddRange(Demands.Check(Demand.Pays, $"interval {Cells.Number(interval)}", interval, outcome, references));
        }

        return [new Section("Staleness", Text, table, Draw(times, references), misses)];
    }

    private static void AddRow(Table table, string interval, Outcome outcome, References references) => table.Add(
        outcome.Policy,
        interval,
        Cells.Time(outcome.Mean),
        Cells.Ratio(references.ToLeastRequests(outcome)),
        Cells.Ratio(references.ToPowerOfTwo(outcome)),
        Cells.Time(outcome.Quantile(0.5)),
        Cells.Time(outcome.Quantile(0.99)),
        Cells.Time(outcome.Quantile(0.999)),
        Cells.Ratio(outcome.Spread.Value),
        Cells.Ratio(outcome.HerdIndex.Value),
        Cells.Number(outcome.ExchangesPerRequest));

    private static Picture Draw(List<double> times, References references)
    {
        var picture = new Picture(
            "5 front-ends, 50 backends, load 0.9",
            "exchange interval in service times",
            "mean time in the system in service times",
            [.. Intervals.Select(Cells.Number)]);
        picture.Add("cluster least requests", times);
        picture.Add("local least requests", [.. times.Select(_ => references.LeastRequests.Mean.Value)]);
        picture.Add("local power of two", [.. times.Select(_ => references.PowerOfTwo.Mean.Value)]);
        return picture;
    }

    private const string Text = """
        Five front-ends, 50 equal single-server backends, Poisson arrivals, exponential service, load 0.9. Each front-end exchanges its counts with
        the pool at the interval given, in mean service times and out of step with the others; at 0 everything is known at every pick. Times are in
        mean service times; ± is half a 95 % confidence interval over the seeds, and of a ratio that of seeds paired.
        """;
}
