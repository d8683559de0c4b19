using System.Collections.Immutable;
using System.Globalization;
using OrleansLb.Core.Snapshots;
using OrleansLb.Reports;
using OrleansLb.Simulation.Policies;
using OrleansLb.Simulation.Scenarios;
using OrleansLb.Simulation.Statistics;
using OrleansLb.Simulator.Reports;

namespace OrleansLb.Simulator.Experiments;

/// <summary>What does each policy do while a backend or a front-end is gone, and when it comes back?</summary>
internal sealed class FailuresExperiment : IExperiment
{
    private const double Begins = 150;
    private const double Lasts = 200;

    // What is in flight when it happens is part of it.
    private const double Before = 5;

    // The time after, and the same a while later, when response times of the failure are forgotten.
    private const double After = 100;
    private const double Later = 1000;

    private const int Failing = 0;

    // What may be in flight at a backend that has come back, as a multiple of the mean: a cluster that falls on it is seen by this.
    private const double NewcomerPeak = 8;

    private static readonly ImmutableArray<PolicyChoice> Policies =
    [
        PolicyCatalogue.LocalPowerOfTwo,
        PolicyCatalogue.LocalLeastRequests,
        PolicyCatalogue.WeightedRoundRobin,
        PolicyCatalogue.BoundedLoadHash,
        PolicyCatalogue.ClusterPowerOfTwoChoices,
        PolicyCatalogue.ClusterLeastRequests,
        PolicyCatalogue.LeastResponseTime,
        PolicyCatalogue.HotCold,
    ];

    public string Name => "failures";

    public string Description => "Backends that die, hang or slow down, and front-ends that are killed: every policy, while it lasts and afterwards";

    public IReadOnlyList<Section> Run(Effort effort)
    {
        var (during, after, misses) = (Columns("failed", "misdirected"), Columns("share", "share later", "newcomer's peak"), new List<string>());
        var tails = Policies.ToDictionary(static policy => policy.Name, static _ => new List<double>());
        foreach (var (name, scenario) in Events())
        {
            foreach (var policy in Policies)
            {
                effort.Say($"{name}: {policy.Name}");
                var (middle, end, later) = (While(effort, scenario, policy), Afterwards(effort, scenario, policy, 0), Afterwards(effort, scenario, policy, Later));
                during.Add([name, policy.Name, .. Figures(middle), Percent(middle.FailedShare), middle.Misdirected]);
                after.Add([name, policy.Name, .. Figures(end), .. Newcomer(scenario, end, later)]);
                tails[policy.Name].Add(middle.Quantile(0.99));
                misses.AddRange(Check($"{name}, {policy.Name}", policy, scenario, middle, end));
            }
        }

        return
        [
            new Section("Failures", DuringText, during, Draw(tails), misses),
            new Section("After a failure", AfterText, after, null, []),
        ];
    }

    private static Picture Draw(Dictionary<string, List<double>> tails)
    {
        var picture = new Picture("p99 while something fails, 5 front-ends x 20 backends at load 0.7", "what fails", "service times", [.. Events().Keys], rises: true);
        foreach (var (policy, times) in tails)
        {
            // Whoever takes no notice of a slow backend would leave no room for the others.
            if (policy != PolicyCatalogue.WeightedRoundRobin.Name)
                picture.Add(policy, times);
        }

        return picture;
    }

    private static Scenario Pool => Shape.Plain(5, 20, 0.7) with { DelaySeconds = 0.0003 };

    private static Dictionary<string, Scenario> Events() => new()
    {
        ["nothing"] = Pool,
        ["dies"] = Pool with { Failures = [Of(FailureKind.BackendDies)] },
        ["dies, slow start"] = Pool with
        {
            Failures = [Of(FailureKind.BackendDies)],
            Health = new HealthWatch { SlowStart = new SlowStartDefinition { Window = TimeSpan.FromSeconds(1) } },
        },
        ["hangs"] = Pool with { Failures = [Of(FailureKind.BackendHangs)] },
        ["5 x slower"] = Pool with { Failures = [Of(FailureKind.BackendSlows) with { Factor = 5 }] },
        ["front-end killed"] = Pool with { Failures = [Of(FailureKind.Frontend)] },
    };

    private static Failure Of(FailureKind kind) => new(kind, Begins, Lasts, Failing);

    private static Outcome While(Effort effort, Scenario scenario, PolicyChoice policy) =>
        effort.Replications.Run(scenario with { Warmup = Begins - Before, Duration = Before + Lasts }, policy);

    private static Outcome Afterwards(Effort effort, Scenario scenario, PolicyChoice policy, double later) =>
        effort.Replications.Run(scenario with { Warmup = BackAt(scenario) + later, Duration = After }, policy);

    // Whoever was ruled out takes traffic again when its monitor says so.
    private static double BackAt(Scenario scenario) => Begins + Lasts + (IsRuledOut(scenario) ? scenario.Health.Recovery : 0);

    private static bool IsRuledOut(Scenario scenario) =>
        scenario.Failures is [{ Kind: FailureKind.BackendDies or FailureKind.BackendHangs }];

    private static Table Columns(params string[] last) =>
        new(["what fails", "policy", "mean", "p50", "p99", "p99.9", "spread", "herd index", .. last]);

    private static object[] Figures(Outcome outcome) =>
    [
        Cells.Time(outcome.Mean),
        Cells.Time(outcome.Quantile(0.5)),
        Cells.Time(outcome.Quantile(0.99)),
        Cells.Time(outcome.Quantile(0.999)),
        Cells.Ratio(outcome.Spread.Value),
        Cells.Ratio(outcome.HerdIndex.Value),
    ];

    private static object[] Newcomer(Scenario scenario, Outcome after, Outcome later) => scenario.Failures is [{ Kind: not FailureKind.Frontend }]
        ? [Cells.Ratio(Share(scenario, after)), Cells.Ratio(Share(scenario, later)), Cells.Ratio(after.Peaks[Failing])]
        : ["-", "-", "-"];

    // Of what each backend gets on average.
    private static double Share(Scenario scenario, Outcome outcome) => outcome.ShareOf(static backend => backend == Failing) * scenario.Backends.Length;

    private static string Percent(double share) => share == 0 ? "0" : share.ToString("0.00 %", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Check(string where, PolicyChoice policy, Scenario scenario, Outcome during, Outcome after)
    {
        if (during.Misdirected + after.Misdirected > 0)
            yield return $"{where}: {during.Misdirected + after.Misdirected} requests were sent to a backend that had been ruled out.";
        if (IsRuledOut(scenario) && policy.Exchanges && after.Peaks[Failing] > NewcomerPeak)
            yield return $"{where}: {Cells.Ratio(after.Peaks[Failing])} times the mean in flight at the one that came back, where at most {Cells.Number(NewcomerPeak)} is asked for.";
    }

    private const string DuringText = """
        5 front-ends and 20 equal single-server backends at load 0.7, at the machine's own pace with service times of 20 ms. One backend, or one front-end, fails for 200 service times; figures
        are of these and of the five before, so that what is in flight when it happens is among them.
        *dies*: what is at the backend fails, and all that is sent to it fails at once, for the 25 service times (half a second) until the pool rules it out; as long after its return
        it takes traffic again, at once or in a *slow start* of a second. *hangs*: nothing is answered, and front-ends give up after 50 service times; it is ruled out and comes back in the same way, and
        drops what it had. *5 x slower*: nobody is told. *front-end killed*: its clients go to the others, which reckon with its last counts until their lease ends (half a second), and it
        comes back knowing nothing of the load. *failed* are requests without an answer, and no time is of them; *misdirected* those sent to a backend that had been ruled out although others took traffic.

        A backend that fails at once looks idle, and rules that count nothing but requests in flight send it more than its share. The shipped ones reckon with a failed request for as long as one lasts.
        The product fails fewer than these: a front-end whose connection is refused leaves the backend alone for a second and tries another one, and outlier detection needs five failures and no half second.
        Neither is simulated.
        """;

    private const string AfterText = """
        The 100 service times (two seconds) from the moment at which the backend takes traffic again, or the slow one is as quick as before, or the front-end is back. *share* is what that backend gets relative to
        the mean of all, slow start included, and *share later* the same after another thousand: policies that go by response times forget them within ten seconds, which are 500. *newcomer's peak* is the most
        that the backend had in flight in any run, relative to the mean of all backends in that time; with as few in flight as here, one that never failed comes to three to five.
        """;
}
