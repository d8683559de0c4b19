using System.Collections.Immutable;
using OrleansLb.Reports;
using OrleansLb.Simulation.Policies;
using OrleansLb.Simulation.Scenarios;
using OrleansLb.Simulation.Statistics;
using OrleansLb.Simulator.Reports;

namespace OrleansLb.Simulator.Experiments;

/// <summary>Which policy for which pool?</summary>
internal sealed class PoliciesExperiment : IExperiment
{
    private static readonly double[] Loads = [0.5, 0.7, 0.8, 0.9, 0.95];

    // Without a rule of their own are ResourceBased, which follows what backends say of themselves, and the other hashes, which know no load.
    private static readonly ImmutableArray<PolicyChoice> Shipped =
    [
        PolicyCatalogue.WeightedRandom,
        PolicyCatalogue.WeightedRoundRobin,
        PolicyCatalogue.BoundedLoadHash,
        PolicyCatalogue.ClusterPowerOfTwoChoices,
        PolicyCatalogue.ClusterLeastRequests,
        PolicyCatalogue.LeastResponseTime,
        PolicyCatalogue.HotCold,
    ];

    private static readonly ImmutableArray<PolicyChoice> Lone = [PolicyCatalogue.LocalPowerOfTwo, PolicyCatalogue.LocalLeastRequests];

    public string Name => "policies";

    public string Description => "Every policy at the machine's own pace: in the plain pool, at other loads and in other pools";

    public IReadOnlyList<Section> Run(Effort effort) => [Figures(effort), AtLoads(effort), .. InPools(effort)];

    private static Section Figures(Effort effort)
    {
        var table = new Table("policy", "mean", "p50", "p99", "p99.9", "spread", "herd index", "exchanges/request");
        foreach (var policy in Lone.AddRange(Shipped))
        {
            var outcome = Run(effort, Shape.Plain(5, 50), policy);
            table.Add(
                policy.Name,
                Cells.Time(outcome.Mean),
                Cells.Time(outcome.Quantile(0.5)),
                Cells.Time(outcome.Quantile(0.99)),
                Cells.Time(outcome.Quantile(0.999)),
                Cells.Ratio(outcome.Spread.Value),
                Cells.Ratio(outcome.HerdIndex.Value),
                Cells.Number(outcome.ExchangesPerRequest));
        }

        return new Section("Policies", FiguresText, table, null, []);
    }

    private static Section AtLoads(Effort effort)
    {
        var steps = Loads.Select(Cells.Number).ToArray();
        var table = new Table(["policy", .. steps]);
        var picture = new Picture("Mean time in system, 5 front-ends x 50 backends", "load", "mean service times", steps, rises: true);
        foreach (var policy in Lone.AddRange(Shipped))
        {
            var times = Loads.Select(load => Run(effort, Shape.Plain(5, 50, load), policy).Mean.Value).ToArray();
            table.Add([policy.Name, .. times.Select(static time => Cells.Time(time))]);
            // Drawn at random, times at the highest loads would leave no room for the others.
            if (policy != PolicyCatalogue.WeightedRandom)
                picture.Add(policy.Name, times);
        }

        return new Section("Policies by load", LoadsText, table, picture, []);
    }

    private static IEnumerable<Section> InPools(Effort effort)
    {
        var pools = Pools();
        var means = new Table(["policy", .. pools.Keys]);
        var tails = new Table(["policy", .. pools.Keys]);
        foreach (var policy in Lone.AddRange(Shipped))
        {
            var outcomes = pools.Values.Select(pool => Run(effort, pool, policy)).ToArray();
            means.Add([policy.Name, .. outcomes.Select(static outcome => Cells.Time(outcome.Mean.Value))]);
            tails.Add([policy.Name, .. outcomes.Select(static outcome => Cells.Time(outcome.Quantile(0.99)))]);
        }

        yield return new Section("Policies by pool: mean time", PoolsText, means, null, []);
        yield return new Section("Policies by pool: p99", TailsText, tails, null, []);
    }

    private static Dictionary<string, Scenario> Pools() => new()
    {
        ["20 front-ends"] = Shape.Plain(20, 50),
        ["bursts, load 0.6"] = Shape.Plain(5, 50, 0.6) with { Arrivals = ArrivalLaw.Bursts },
        ["Pareto"] = Shape.Plain(5, 50) with { Service = ServiceLaw.Pareto },
        ["bimodal"] = Shape.Plain(5, 50) with { Service = ServiceLaw.Bimodal },
        ["weights"] = Shape.Faster(5),
        ["one slow"] = Shape.OneSlow(5),
        ["one slow, all at once"] = Shape.Unlimited(5, [new BackendShape(Slowness: 3), .. Scenario.Alike(19, servers: 0)], 4, ""),
    };

    private static Outcome Run(Effort effort, Scenario scenario, PolicyChoice policy)
    {
        effort.Say($"{scenario.Name}: {policy.Name}");
        return effort.Replications.Run(scenario with { Duration = effort.Long(1000), Staleness = Staleness.RealPace, DelaySeconds = 0.0003 }, policy);
    }

    private const string FiguresText = """
        Every policy that is a rule of ours, at the machine's own pace, with service times of 20 ms: 5 front-ends, 50 equal single-server backends, exponential
        service, Poisson arrivals, load 0.9. The first two are what a balancer without shared state can do. `ResourceBased` is not here, because it follows what backends
        say of themselves, and the hashes without a bound are `weighted random` when every request has a key of its own, as here.
        """;

    private const string LoadsText = """
        The same pool at other loads: mean times. The picture leaves `weighted random` out.
        """;

    private const string PoolsText = """
        Mean times in other pools. *weights*: 20 backends, every other one three times as fast and of weight 3. *one slow*: one of 20 takes three times as long, and
        nobody was told; load 0.8. *all at once*: the same with backends that serve everything at once, so that nobody waits and only the slow one costs
        time; 4 requests in flight a backend. Load 0.9 and 5 x 50 unless said; the other words are explained under *Shapes*.
        """;

    private const string TailsText = """
        The same: 99 of 100 requests take no longer than this.
        """;
}
