using OrleansLb.Simulation.Meters;
using OrleansLb.Simulation.Policies;
using OrleansLb.Simulation.Scenarios;

namespace OrleansLb.Simulation.Tests;

public sealed class ClusterSimulationTests
{
    public static TheoryData<string> Policies { get; } = [.. PolicyCatalogue.All.Select(static policy => policy.Name)];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Run_SameSeed_SameResult(string policy)
    {
        var scenario = Queues() with { Loss = 0.1, Service = ServiceLaw.Pareto, Arrivals = ArrivalLaw.Bursts };
        var (first, second) = (Run(scenario, policy), Run(scenario, policy));
        Assert.Equal(Figures(first), Figures(second));
        Assert.NotEqual(Figures(first), Figures(Run(scenario, policy, seed: 2)));
    }

    [Fact]
    public void Run_OtherPolicy_MeetsTheSameRequests()
    {
        // Alone at their backends, all requests take their work and no more, wherever they go.
        var scenario = Queues() with { Backends = Scenario.Alike(10, servers: 0), Arrivals = ArrivalLaw.Bursts };
        var times = PolicyCatalogue.All.Select(policy => ClusterSimulation.Run(scenario, policy, 1).Times);
        Assert.Single(times.Select(static time => (time.Count, Math.Round(time.Mean, 9))).Distinct());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(2)]
    public void Run_FixedInterval_ExchangesAsOftenAsItSays(double interval)
    {
        var scenario = Queues() with { Staleness = Staleness.Every(interval) };
        var exchanges = ClusterSimulation.Run(scenario, PolicyCatalogue.ClusterLeastRequests, 1).ExchangesPerRequest;
        if (interval == 0)
            Assert.InRange(exchanges, 1, scenario.Frontends);
        else
            Assert.Equal(scenario.Frontends / interval / scenario.ArrivalRate, exchanges, 0.1 * exchanges);
    }

    [Fact]
    public void Run_NothingIsUnseen_IsAsGoodAsFullInformation()
    {
        var informed = ClusterSimulation.Run(Queues(), PolicyCatalogue.InformedLeastRequests, 1).Times.Mean;
        var shared = ClusterSimulation.Run(Queues() with { Staleness = Staleness.None }, PolicyCatalogue.ClusterLeastRequests, 1).Times.Mean;
        Assert.Equal(informed, shared, 0.02 * informed);
    }

    [Theory]
    [InlineData("bounded-load hash")]
    [InlineData("cluster power of two")]
    [InlineData("cluster least requests")]
    [InlineData("least response time")]
    [InlineData("hot and cold")]
    public void Run_PolicyThatKnowsTheLoad_IsFarBetterThanChance(string policy)
    {
        var chance = Run(Queues(), "weighted random").Times.Mean;
        Assert.InRange(Run(Queues(), policy).Times.Mean / chance, 0, 0.6);
    }

    [Theory]
    [InlineData("least response time")]
    [InlineData("hot and cold")]
    public void Run_OneBackendIsSlowAndNobodyWaits_PolicyThatTimesAvoidsItMost(string policy)
    {
        var scenario = Queues() with { Backends = [new BackendShape(Slowness: 5), .. Scenario.Alike(9, servers: 0)], Load = 4 };
        double ShareOfTheSlow(string name) => Run(scenario, name).Picks is var picks ? (double)picks[0] / picks.Sum() : 0;
        Assert.InRange(ShareOfTheSlow(policy) / ShareOfTheSlow("cluster least requests"), 0, 0.7);
    }

    [Fact]
    public void Run_FrontendDies_LosesItsRequestsAndOthersCarryOn()
    {
        var scenario = Queues() with { Failures = [new Failure(FailureKind.Frontend, At: 80, For: 50, Which: 2)] };
        var (whole, broken) = (Run(Queues()), Run(scenario));
        Assert.InRange(broken.Lost, 1, 60);
        Assert.Equal(whole.Times.Count, broken.Times.Count + broken.Lost);
        Assert.InRange(broken.Times.Mean, 0, 1.2 * whole.Times.Mean);
    }

    [Fact]
    public void Run_PoolDies_FrontendsFallBackAndRecover()
    {
        var scenario = Queues();
        var away = Run(scenario with { Failures = [new Failure(FailureKind.Pool, At: 20, For: 1000)] });
        var back = Run(scenario with { Failures = [new Failure(FailureKind.Pool, At: 20, For: 20)] });
        var local = Run(scenario, PolicyCatalogue.LocalLeastRequests.Name);
        Assert.InRange(away.Times.Mean / local.Times.Mean, 0.9, 1.1);
        Assert.InRange(back.Times.Mean / local.Times.Mean, 0, 0.85);
        Assert.Equal(0, away.Lost);
    }

    [Fact]
    public void Run_EveryFrontendIsDead_WaitsForOneToReturn()
    {
        var failures = Enumerable.Range(0, 5).Select(static i => new Failure(FailureKind.Frontend, At: 80, For: 20, Which: i));
        var result = Run(Queues() with { Failures = [.. failures] });
        Assert.InRange(result.Times.Count + result.Lost, 1, Run(Queues()).Times.Count - 1);
    }

    private static RunResult Run(Scenario scenario, string policy = "cluster least requests", ulong seed = 1) =>
        ClusterSimulation.Run(scenario, PolicyCatalogue.All.Single(choice => choice.Name == policy), seed);

    private static (long Count, double Mean, double Tail, double Spread, double Herd, double Exchanges) Figures(RunResult result) =>
        (result.Times.Count, result.Times.Mean, result.Times.Quantile(0.99), result.Spread, result.HerdIndex, result.ExchangesPerRequest);

    private static Scenario Queues() => new()
    {
        Frontends = 5,
        Backends = Scenario.Alike(20),
        Load = 0.85,
        Warmup = 50,
        Duration = 200,
    };
}
