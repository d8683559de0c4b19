using System.Globalization;
using OrleansLb.Reports;
using OrleansLb.Simulation.Policies;
using OrleansLb.Simulation.Scenarios;
using OrleansLb.Simulation.Statistics;
using OrleansLb.Simulator.Reports;

namespace OrleansLb.Simulator.Experiments;

/// <summary>What is known in closed form, so that the rest can be believed.</summary>
internal sealed class Classics : IExperiment
{
    private const int Queues = 1000;

    // Of the closed form. A run of this length is a third of that off at most; what is beyond it is a mistake.
    private const double Tolerance = 0.03;

    private static readonly double[] Loads = [0.5, 0.7, 0.8, 0.9, 0.95];

    public string Name => "classics";

    public string Description => "Random choice and power of two against their closed forms";

    public IReadOnlyList<Section> Run(Effort effort)
    {
        var table = new Table("policy", "load", "measured", "closed form", "off by", "p50", "p99", "p99.9");
        var misses = new List<string>();
        foreach (var load in Loads)
            Compare(effort, PolicyCatalogue.Random, load, 1, table, misses);
        foreach (var load in Loads.Append(0.99))
            Compare(effort, PolicyCatalogue.InformedPowerOfTwo, load, 2, table, misses);
        return [new Section("Classics", Text(), table, null, misses)];
    }

    private static void Compare(Effort effort, PolicyChoice policy, double load, int choices, Table table, List<string> misses)
    {
        effort.Say(string.Create(CultureInfo.InvariantCulture, $"{policy.Name}, load {load}"));
        // The closer to 1 the load, the longer queues remember; by themselves (the relaxation time of M/M/1) much longer than when they even each other out.
        var memory = choices == 1 ? 1 / Math.Pow(1 - Math.Sqrt(load), 2) : 5 / (1 - load);
        var scenario = new Scenario
        {
            Frontends = 1,
            Backends = Scenario.Alike(Queues),
            Load = load,
            Warmup = Math.Max(50, effort.Long(5 * memory)),
            Duration = Math.Max(100, effort.Long(10 * memory)),
        };
        var outcome = effort.Replications.Run(scenario, policy);
        var expected = SupermarketModel.MeanTime(load, choices);
        var off = (outcome.Mean.Value / expected) - 1;
        // Of what rounds to nothing no sign is shown.
        var shown = Math.Round(off, 3) == 0 ? 0 : off;
        table.Add(
            policy.Name,
            load.ToString("0.00", CultureInfo.InvariantCulture),
            outcome.Mean.ToString("0.000"),
            expected.ToString("0.000", CultureInfo.InvariantCulture),
            shown.ToString("+0.0 %;-0.0 %;0.0 %", CultureInfo.InvariantCulture),
            Cells.Time(outcome.Quantile(0.5)),
            Cells.Time(outcome.Quantile(0.99)),
            Cells.Time(outcome.Quantile(0.999)));
        if (Math.Abs(off) > Tolerance)
            misses.Add($"{policy.Name} at load {load.ToString(CultureInfo.InvariantCulture)} is {off.ToString("P1", CultureInfo.InvariantCulture)} off its closed form.");
    }

    private static string Text() => $"""
        Mean time in the system, in service times, of {Queues} single-server queues with Poisson arrivals and exponential service. *Random* makes
        each of them an M/M/1 queue, 1/(1-load); *informed power of two* takes the shorter of two random queues, knowing both, which is
        the supermarket model (Mitzenmacher 2001). The closed form of the latter is for infinitely many queues.
        """;
}
