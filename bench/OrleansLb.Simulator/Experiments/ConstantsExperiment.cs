using System.Collections.Immutable;
using System.Globalization;
using OrleansLb.Reports;
using OrleansLb.Simulation.Policies;
using OrleansLb.Simulation.Scenarios;
using OrleansLb.Simulation.Statistics;
using OrleansLb.Simulator.Reports;

namespace OrleansLb.Simulator.Experiments;

/// <summary>Would other constants of cluster-wide least requests be better, over all pools and all traffic that they are meant for?</summary>
internal sealed class ConstantsExperiment : IExperiment
{
    // Pools of every size meet as many requests, so that their figures are as sure.
    private const double Requests = 10_000;

    // Long enough for queues at this load to be full, short enough not to be most of the run.
    private const double Warmup = 50;

    private static readonly int[] Frontends = [2, 5, 20, 50];
    private static readonly int[] Backends = [5, 50, 200];

    private static readonly ImmutableArray<(string Name, RuleConstants Constants)> Choices =
    [
        ("shipped", RuleConstants.Shipped),
        ("reckoning 1", RuleConstants.Shipped with { ReckoningTime = 1 }),
        ("reckoning 2.5", RuleConstants.Shipped with { ReckoningTime = 2.5 }),
        ("reckoning 5", RuleConstants.Shipped with { ReckoningTime = 5 }),
        ("none of the request", RuleConstants.Shipped with { LeftOut = 1 }),
        ("all of the request", RuleConstants.Shipped with { LeftOut = 0 }),
    ];

    private static readonly ImmutableArray<(string Name, Staleness Staleness)> Ages =
    [
        ("half a service time", Staleness.Every(0.5)),
        ("the machine's own pace", Staleness.RealPace),
        ("five service times", Staleness.Every(5)),
    ];

    public string Name => "constants";

    public string Description => "Other constants of cluster least requests: 2 to 50 front-ends, 5 to 200 backends, weights, bursts, heavy tails";

    public IReadOnlyList<Section> Run(Effort effort)
    {
        var tables = Ages.Select(static _ => new Table(["pool (front-ends x backends)", "local least requests", .. Choices.Select(static choice => choice.Name)])).ToArray();
        var compared = Ages.Select(static _ => new ConstantsComparison(Choices.Length)).ToArray();
        foreach (var scenario in Scenarios(effort))
        {
            effort.Say(scenario.Name);
            var local = effort.Replications.Run(scenario, PolicyCatalogue.LocalLeastRequests);
            for (var age = 0; age < Ages.Length; age++)
            {
                var aged = At(scenario, Ages[age].Staleness);
                var outcomes = Choices.Select(choice => effort.Replications.Run(aged, PolicyCatalogue.ClusterLeastRequestsWith(choice.Constants))).ToArray();
                compared[age].Add(scenario.Name, outcomes);
                tables[age].Add([scenario.Name, Cells.Time(local.Mean.Value), .. outcomes.Select(outcome => Cells.Ratio(Estimate.OfRatio(outcome.Means, local.Means)))]);
            }
        }

        return [Summary(compared), .. Ages.Select((age, i) => new Section($"Constants: {age.Name}", TableText, tables[i], null, []))];
    }

    private static Section Summary(ConstantsComparison[] compared)
    {
        var table = new Table("exchange interval", "constants", "mean", "best", "where", "worst", "where");
        for (var age = 0; age < Ages.Length; age++)
        {
            for (var choice = 1; choice < Choices.Length; choice++)
            {
                var (best, worst) = (compared[age].Best(choice), compared[age].Worst(choice));
                table.Add(
                    Ages[age].Name,
                    Choices[choice].Name,
                    compared[age].Mean(choice).ToString("0.000", CultureInfo.InvariantCulture),
                    Cells.Ratio(best.ToShipped),
                    best.Pool,
                    Cells.Ratio(worst.ToShipped),
                    worst.Pool);
            }
        }

        return new Section("Constants", SummaryText, table, null, []);
    }

    private static IEnumerable<Scenario> Scenarios(Effort effort)
    {
        foreach (var frontends in Frontends)
        {
            yield return Sized(Shape.Wider(frontends), effort);
            foreach (var backends in Backends)
            {
                var plain = Shape.Plain(frontends, backends);
                Scenario[] scenarios =
                [
                    plain,
                    Shape.Faster(frontends, backends),
                    Shape.InBursts(frontends, backends),
                    plain with { Name = $"{plain.Name}, Pareto", Service = ServiceLaw.Pareto },
                ];
                foreach (var scenario in scenarios)
                    yield return Sized(scenario, effort);
            }
        }
    }

    private static Scenario Sized(Scenario scenario, Effort effort) => scenario with { Warmup = Warmup, Duration = effort.Long(Requests / scenario.ArrivalRate) };

    private static Scenario At(Scenario scenario, Staleness staleness) =>
        scenario with { Staleness = staleness, DelaySeconds = staleness.IsRealPace ? 0.0003 : 0 };

    private const string SummaryText = """
        Cluster least requests with one of its constants changed, by the mean time relative to that with the shipped ones: the geometric mean over pools of
        2, 5, 20 and 50 front-ends and 5, 50 and 200 backends, each plain, with weights, with bursts and with Pareto service, and 20 backends of which the heavy ones
        have more servers instead of quicker ones; and the pools where the change does best and worst. The shipped rule reckons with its own requests for 1.5 service
        times (*reckoning*) and counts half of the request to place. Load 0.9, service times of 20 ms. ± is half a 95 % confidence interval over the seeds; the shorter
        runs of these many pools leave some noise.
        """;

    private const string TableText = """
        Mean time relative to local least requests with the shipped constants, and with one of them changed.
        """;
}
