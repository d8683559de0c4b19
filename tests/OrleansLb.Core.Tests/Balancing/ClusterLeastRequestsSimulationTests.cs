using OrleansLb.Simulation.Policies;
using OrleansLb.Simulation.Scenarios;
using OrleansLb.Simulation.Statistics;

namespace OrleansLb.Core.Tests.Balancing;

/// <summary>Short runs of what docs/reference/balancing-simulation.md has in full.</summary>
public sealed class ClusterLeastRequestsSimulationTests
{
    private static readonly Replications Runs = new(seeds: 3, cores: 2);

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    public void Share_HalfAServiceTimeOld_IsWellBelowWhatALoneBalancerCanDo(int frontends)
    {
        var scenario = Queues(frontends, 50);

        var shared = Shared(scenario, 0.5);

        Assert.InRange(Ratio(shared, Local(scenario)), 0.3, 0.7);
        Assert.InRange(Ratio(shared, Runs.Run(scenario, PolicyCatalogue.LocalPowerOfTwo)), 0.3, 0.5);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 10)]
    [InlineData(5, 2)]
    [InlineData(5, 10)]
    [InlineData(20, 5)]
    [InlineData(20, 10)]
    public void Share_HoweverOld_IsNoWorseThanLocalLeastRequests(int frontends, double interval)
    {
        var scenario = Queues(frontends, 50);
        Assert.InRange(Ratio(Shared(scenario, interval), Local(scenario)), 0.5, 1.03);
    }

    [Theory]
    [InlineData(5, 0.5)]
    [InlineData(20, 5)]
    public void Share_Weights_FollowsThem(int frontends, double interval)
    {
        var scenario = Queues(frontends, 20) with
        {
            Backends = [.. Enumerable.Range(0, 20).Select(static i => i % 2 == 0 ? new BackendShape(Servers: 1) : new BackendShape(Weight: 3, Servers: 3))],
        };

        var shared = Shared(scenario, interval);

        Assert.InRange(shared.ShareOf(static i => i % 2 == 1), 0.72, 0.78);
        Assert.InRange(Ratio(shared, Local(scenario)), 0, 0.75);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    public void Share_OneOfFourBackendsThreeTimesSlower_EvensInFlight(double serviceSeconds)
    {
        // 16 in flight when all four backends have the same.
        var scenario = Queues(frontends: 8, backends: 4) with
        {
            Backends = [new BackendShape(Slowness: 3), .. Scenario.Alike(3, servers: 0)],
            Load = 4,
            ServiceSeconds = serviceSeconds,
            Staleness = Staleness.RealPace,
            Duration = 200,
        };

        var shared = Runs.Run(scenario, PolicyCatalogue.ClusterLeastRequests).Spread.Value;
        var local = Local(scenario).Spread.Value;

        Assert.InRange(shared, 1, 1.35);
        Assert.InRange(shared - 1, 0, 0.7 * (local - 1));
    }

    [Fact]
    public void Share_ServiceTimeShorterThanTheFloors_IsBetterThanLocalLeastRequests()
    {
        var scenario = Queues(frontends: 5, backends: 20) with { ServiceSeconds = 0.002, DelaySeconds = 0.0003, Staleness = Staleness.RealPace };
        Assert.InRange(Ratio(Runs.Run(scenario, PolicyCatalogue.ClusterLeastRequests), Local(scenario)), 0, 0.95);
    }

    [Fact]
    public void Share_MessagesLost_IsNoWorseThanLocalLeastRequests()
    {
        var scenario = Queues(frontends: 5, backends: 20) with { Loss = 0.3, ServiceSeconds = 0.05, Staleness = Staleness.RealPace, Arrivals = ArrivalLaw.Bursts };
        Assert.InRange(Ratio(Runs.Run(scenario, PolicyCatalogue.ClusterLeastRequests), Local(scenario)), 0, 1.03);
    }

    private static Outcome Shared(Scenario scenario, double interval) =>
        Runs.Run(scenario with { Staleness = Staleness.Every(interval) }, PolicyCatalogue.ClusterLeastRequests);

    private static Outcome Local(Scenario scenario) => Runs.Run(scenario, PolicyCatalogue.LocalLeastRequests);

    private static double Ratio(Outcome outcome, Outcome reference) => Estimate.OfRatio(outcome.Means, reference.Means).Value;

    private static Scenario Queues(int frontends, int backends) => new()
    {
        Frontends = frontends,
        Backends = Scenario.Alike(backends),
        Load = 0.9,
        DelaySeconds = 0,
        Warmup = 50,
        Duration = 500,
    };
}
