using OrleansLb.Reports;
using OrleansLb.Simulation.Policies;
using OrleansLb.Simulation.Scenarios;
using OrleansLb.Simulation.Statistics;
using OrleansLb.Simulator.Reports;

namespace OrleansLb.Simulator.Experiments;

/// <summary>Does what holds for equal backends hold for other pools and other traffic?</summary>
internal sealed class ShapesExperiment : IExperiment
{
    private static readonly double[] Intervals = [0.1, 0.5, 1, 2, 5, 10];
    private static readonly int[] Frontends = [2, 5, 20, 50];
    private static readonly int[] Backends = [5, 20, 50, 200];

    public string Name => "shapes";

    public string Description => "Cluster least requests with other numbers of front-ends and backends, weights, bursts and service times";

    public IReadOnlyList<Section> Run(Effort effort) => [Shapes(effort), Sizes(effort)];

    private static Section Shapes(Effort effort)
    {
        var table = new Table(
            ["pool (front-ends x backends)", "local least requests", "local power of two", "at 0.5 / least requests", "informed / least requests", "at 0.5 / power of two", "informed / power of two", "0", .. Intervals.Select(Cells.Number), "largest"]);
        var misses = new List<string>();
        var picture = new Picture(
            "Mean time relative to the better of local least requests and local power of two",
            "exchange interval in service times",
            "ratio",
            ["0", .. Intervals.Select(Cells.Number)]);
        foreach (var (scenario, demand, isDrawn) in Scenarios())
        {
            effort.Say(scenario.Name);
            var timed = scenario with { Duration = effort.Long(2000) };
            var references = new References(effort, timed);
            var informed = effort.Replications.Run(timed, PolicyCatalogue.InformedLeastRequests);
            var outcomes = Intervals.Select(interval => effort.Replications.Run(timed with { Staleness = Staleness.Every(interval) }, PolicyCatalogue.ClusterLeastRequests)).ToArray();
            AddRow(table, scenario.Name, references, informed, outcomes);
            if (isDrawn)
                picture.Add(scenario.Name, [.. outcomes.Prepend(informed).Select(outcome => references.ToBetter(outcome).Value)]);
            for (var i = 0; i < outcomes.Length; i++)
            {
                var where = $"{scenario.Name}, interval {Cells.Number(Intervals[i])}";
                misses.AddRange(Demands.Check(demand, where, Intervals[i], outcomes[i], references));
            }
        }

        return new Section("Shapes", ShapesText, table, picture, misses);
    }

    private static void AddRow(Table table, string name, References references, Outcome informed, Outcome[] outcomes)
    {
        var paying = outcomes[Array.IndexOf(Intervals, Demands.Paying)];
        var ratios = outcomes.Select(references.ToBetter).ToArray();
        table.Add(
        [
            name,
            Cells.Time(references.LeastRequests.Mean.Value),
            Cells.Time(references.PowerOfTwo.Mean.Value),
            Cells.Ratio(references.ToLeastRequests(paying)),
            Cells.Ratio(references.ToLeastRequests(informed).Value),
            Cells.Ratio(references.ToPowerOfTwo(paying)),
            Cells.Ratio(references.ToPowerOfTwo(informed).Value),
            Cells.Ratio(references.ToBetter(informed).Value),
            .. ratios.Select(static ratio => Cells.Ratio(ratio.Value)),
            Cells.Ratio(ratios.MaxBy(static ratio => ratio.Value)),
        ]);
    }

    private static IEnumerable<(Scenario Scenario, Demand Demand, bool IsDrawn)> Scenarios()
    {
        foreach (var frontends in Frontends)
            yield return (Shape.Plain(frontends, 50), Demand.Pays, true);
        foreach (var frontends in Frontends)
            yield return (Shape.Faster(frontends), Demand.Pays, frontends == 20);
        foreach (var frontends in Frontends)
            yield return (Shape.Wider(frontends), frontends > 2 ? Demand.Pays : Demand.NoHarm, false);
        foreach (var frontends in Frontends)
            yield return (Shape.InBursts(frontends), Demand.NoHarm, frontends == 5);
        foreach (var law in (ServiceLaw[])[ServiceLaw.Pareto, ServiceLaw.Bimodal, ServiceLaw.Constant])
        {
            foreach (var frontends in Frontends)
                yield return (Named(Shape.Plain(frontends, 50) with { Service = law }, law.Name), law == ServiceLaw.Constant ? Demand.None : Demand.Pays, law == ServiceLaw.Pareto && frontends == 5);
        }

        yield return (Shape.OneSlow(5), Demand.Pays, false);
        yield return (Shape.OneSlow(20), Demand.Pays, false);
        yield return (Shape.FourServers(5, 20, 0.9), Demand.NoHarm, false);
        yield return (Shape.FourServers(50, 10, 0.85), Demand.NoHarm, false);
        yield return (Named(Shape.Plain(5, 50, 0.6), "load 0.6"), Demand.Pays, false);
        yield return (Named(Shape.Plain(5, 50, 0.97), "load 0.97"), Demand.Pays, false);
    }

    private static Section Sizes(Effort effort)
    {
        var table = new Table(["front-ends", .. Backends.Select(static count => $"{count} backends")]);
        var misses = new List<string>();
        foreach (var frontends in Frontends)
        {
            var cells = new List<object> { frontends };
            foreach (var backends in Backends)
            {
                var scenario = Shape.Plain(frontends, backends) with { Duration = effort.Long(2000) };
                effort.Say(scenario.Name);
                var references = new References(effort, scenario);
                var outcome = effort.Replications.Run(scenario with { Staleness = Staleness.Every(Demands.Paying) }, PolicyCatalogue.ClusterLeastRequests);
                cells.Add($"{Cells.Time(outcome.Mean.Value)}: {Cells.Ratio(references.ToBetter(outcome))}");
                misses.AddRange(Demands.CheckHarm($"{scenario.Name}, interval {Cells.Number(Demands.Paying)}", outcome, references));
            }

            table.Add([.. cells]);
        }

        return new Section("Sizes", SizesText, table, null, misses);
    }

    private static Scenario Named(Scenario scenario, string what) => scenario with { Name = $"{scenario.Name}, {what}" };

    private const string ShapesText = """
        The same at other numbers of front-ends, with weights, bursts and other service times; load 0.9 unless said. *At 0.5* are mean times with an interval of
        half a service time, relative to local least requests and to local power of two, and *informed* beside each is the bound: least requests with full
        information at every pick, which nobody has. With exponential service and equal backends no rule that does not know how long requests will take can do better
        (R. Weber, "On the Optimal Assignment of Customers to Parallel Servers", 1978), however they arrive; in other pools it is a mark and no bound, and with weights the
        shipped rule can pass it, since it counts half of the request to place and this one all of it. The numbered columns are mean times at that
        interval relative to the better of the two; `0` is informed, and `largest` the largest of the others.
        *Bursts* are Poisson arrivals at twice the mean rate for a fifth of the time, so that the backends are overloaded and fall behind whatever the policy: there
        the bound itself leaves little to gain with few front-ends.
        *Pareto* is bounded, with index 1.5; *bimodal* is half a service time, but ten and a half for one request in twenty. *Constant* is no demand, because real requests are
        not all alike: it shows the limit, since the rule takes old requests to have ended one by one and these end all at once.
        """;

    private const string SizesText = """
        Mean time at an interval of half a service time, and its ratio to the better of local least requests and local power of two. Equal single-server
        backends, load 0.9.
        """;
}
