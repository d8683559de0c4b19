using System.Collections.Immutable;
using OrleansLb.Reports;
using OrleansLb.Simulation.Policies;
using OrleansLb.Simulation.Scenarios;
using OrleansLb.Simulation.Statistics;
using OrleansLb.Simulator.Reports;

namespace OrleansLb.Simulator.Experiments;

/// <summary>What comes out at the pace that the shipped machine sets itself, which has floors in real time, and when things break?</summary>
internal sealed class SweepExperiment : IExperiment
{
    private static readonly int[] ServiceMilliseconds = [2, 5, 10, 20, 50, 100, 500];

    public string Name => "sweep";

    public string Description => "The machine's own pace: service times from 2 to 500 ms, evenness, lost messages";

    public IReadOnlyList<Section> Run(Effort effort) => [Times(effort), Evenness(effort), Losses(effort)];

    private static Section Times(Effort effort)
    {
        var table = new Table(["pool (front-ends x backends)", .. ServiceMilliseconds.Select(static time => $"{time} ms")]);
        var misses = new List<string>();
        Scenario[] scenarios =
        [
            Shape.Plain(2, 50), Shape.Plain(5, 50), Shape.Plain(20, 50), Shape.Plain(50, 50), Shape.Plain(5, 5), Shape.Plain(20, 200),
            Shape.Faster(5), Shape.FourServers(50, 10, 0.85),
        ];
        foreach (var scenario in scenarios)
        {
            var cells = new List<object> { scenario.Name };
            var references = new References(effort, Timed(effort, scenario));
            foreach (var time in ServiceMilliseconds)
            {
                effort.Say($"{scenario.Name}, {time} ms");
                var outcome = RunAt(effort, scenario, time);
                cells.Add($"{Cells.Ratio(references.ToBetter(outcome).Value)} ({Cells.Number(outcome.ExchangesPerRequest)})");
                misses.AddRange(Demands.CheckHarm($"{scenario.Name} at {time} ms", outcome, references));
            }

            table.Add([.. cells]);
        }

        return new Section("The machine's own pace", TimesText, table, null, misses);
    }

    private static Section Evenness(Effort effort)
    {
        var table = new Table(["pool (front-ends x backends)", "local least requests", "local power of two", .. ServiceMilliseconds.Select(static time => $"{time} ms")]);
        ImmutableArray<BackendShape> slow = [new BackendShape(Slowness: 3), .. Scenario.Alike(3, servers: 0)];
        Scenario[] scenarios =
        [
            Shape.Unlimited(8, slow, 4, "8 x 4, one 3 x slower, 16 in flight"),
            Shape.Unlimited(8, slow, 4, "the same, constant service times") with { Service = ServiceLaw.Constant },
            Shape.Unlimited(5, Scenario.Alike(20, servers: 0), 1, "5 x 20, 20 in flight"),
            Shape.Unlimited(5, Scenario.Alike(20, servers: 0), 50, "5 x 20, 1000 in flight"),
            Shape.Unlimited(5, Shape.Half(new BackendShape(), new BackendShape(Weight: 3)), 2, "5 x 20, weights 1 and 3, 40 in flight"),
            Shape.Unlimited(5, Shape.Half(new BackendShape(), new BackendShape(Weight: 3)), 10, "5 x 20, weights 1 and 3, 200 in flight"),
        ];
        foreach (var scenario in scenarios)
        {
            var references = new References(effort, Timed(effort, scenario));
            var cells = new List<object> { scenario.Name, Cells.Ratio(references.LeastRequests.Spread.Value), Cells.Ratio(references.PowerOfTwo.Spread.Value) };
            foreach (var time in ServiceMilliseconds)
            {
                effort.Say($"{scenario.Name}, {time} ms");
                cells.Add(Cells.Ratio(RunAt(effort, scenario, time).Spread.Value));
            }

            table.Add([.. cells]);
        }

        return new Section("Evenness", EvennessText, table, null, []);
    }

    private static Section Losses(Effort effort)
    {
        var table = new Table("5 x 50 at 20 ms", "mean", "/ local least requests", "p99", "p99.9", "exchanges/request", "lost");
        var misses = new List<string>();
        var plain = Timed(effort, Shape.Plain(5, 50));
        // Each away for a tenth of the time, one after the other.
        Failure Away(FailureKind kind, double from, int which = 0) => new(kind, plain.Warmup + (from * plain.Duration), plain.Duration / 10, which);
        Scenario[] scenarios =
        [
            plain with { Name = "nothing fails" },
            plain with { Name = "a tenth of the messages is lost", Loss = 0.1 },
            plain with { Name = "half of the messages are lost", Loss = 0.5 },
            plain with { Name = "the pool is away for two tenths of the time", Failures = [Away(FailureKind.Pool, 0.2), Away(FailureKind.Pool, 0.6)] },
            plain with { Name = "two front-ends are away for a tenth", Failures = [Away(FailureKind.Frontend, 0.2, 1), Away(FailureKind.Frontend, 0.6, 3)] },
        ];
        foreach (var scenario in scenarios)
        {
            effort.Say(scenario.Name);
            var references = new References(effort, scenario);
            var outcome = RunAt(effort, scenario, 20);
            table.Add(
                scenario.Name,
                Cells.Time(outcome.Mean),
                Cells.Ratio(references.ToLeastRequests(outcome)),
                Cells.Time(outcome.Quantile(0.99)),
                Cells.Time(outcome.Quantile(0.999)),
                Cells.Number(outcome.ExchangesPerRequest),
                outcome.Lost);
            misses.AddRange(Demands.CheckHarm(scenario.Name, outcome, references));
        }

        return new Section("Losses", LossesText, table, null, misses);
    }

    private static Outcome RunAt(Effort effort, Scenario scenario, int milliseconds) => effort.Replications.Run(
        Timed(effort, scenario) with { ServiceSeconds = milliseconds / 1000.0, Staleness = Staleness.RealPace, DelaySeconds = 0.0003 },
        PolicyCatalogue.ClusterLeastRequests);

    private static Scenario Timed(Effort effort, Scenario scenario) => scenario with { Duration = effort.Long(1000) };

    private const string TimesText = """
        Front-ends exchange when the shipped machine says so, and messages take 0.3 ms each way. Mean time relative to the better of local least requests
        and local power of two, by mean service time; in brackets exchanges per request. Load 0.9 unless said.
        """;

    private const string EvennessText = """
        The time average of (most in flight at a backend) / (mean in flight), per weight, where backends serve all at once, as asynchronous ones nearly do: there
        nobody waits, and evenness is all that a policy can give.
        """;

    private const string LossesText = """
        The plain pool at the machine's own pace while what front-ends know of each other is lost. A lost message holds a front-end up for 250 ms, which is more than twelve of these service times.
        A front-end that dies takes its requests along, and its clients go to the others.
        """;
}
