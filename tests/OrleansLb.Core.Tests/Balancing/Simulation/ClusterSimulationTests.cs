namespace OrleansLb.Core.Tests.Balancing.Simulation;

public sealed class ClusterSimulationTests
{
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    public void Share_OneOfFourBackendsThreeTimesSlower_EvensInFlight(double serviceTime)
    {
        // 16 in flight when all four backends have the same.
        var scenario = new Scenario
        {
            Frontends = 8,
            Backends = [new SimulatedBackend(Slowness: 3), new SimulatedBackend(), new SimulatedBackend(), new SimulatedBackend()],
            ServiceTime = serviceTime,
            ArrivalRate = 4 * (3 + (1 / 3.0)) / serviceTime,
            Seconds = 200 * serviceTime,
            WarmupSeconds = 20 * serviceTime,
        };

        var shared = ClusterSimulation.Run(scenario, new SharedLeastRequests());
        var local = ClusterSimulation.Run(scenario, new LocalLeastRequests());

        Assert.InRange(shared.MaxOverMean, 1, 1.35);
        Assert.InRange(shared.MaxOverMean - 1, 0, 0.7 * (local.MaxOverMean - 1));
    }

    [Fact]
    public void Share_SnapshotYoungerThanAServiceTime_BeatsLocalLeastRequests()
    {
        var scenario = Queues(serviceTime: 1);

        var shared = ClusterSimulation.Run(scenario, new SharedLeastRequests());
        var local = ClusterSimulation.Run(scenario, new LocalLeastRequests());

        Assert.InRange(shared.MeanTime, 1, 0.7 * local.MeanTime);
    }

    [Fact]
    public void Share_SnapshotOlderThanAServiceTime_IsNoWorseThanLocalLeastRequests()
    {
        var scenario = Queues(serviceTime: 0.002);

        var shared = ClusterSimulation.Run(scenario, new SharedLeastRequests());
        var local = ClusterSimulation.Run(scenario, new LocalLeastRequests());

        Assert.InRange(shared.MeanTime, 0, 1.15 * local.MeanTime);
    }

    [Fact]
    public void Share_MessagesLost_IsNoWorseThanLocalLeastRequests()
    {
        var scenario = Queues(serviceTime: 0.05) with { Loss = 0.1, ArrivalRate = 0.6 * 20 / 0.05, BurstEvery = 1 };

        var shared = ClusterSimulation.Run(scenario, new SharedLeastRequests());
        var local = ClusterSimulation.Run(scenario, new LocalLeastRequests());

        Assert.InRange(shared.MeanTime, 0, 1.15 * local.MeanTime);
    }

    [Fact]
    public void Run_SameSeed_SameOutcome()
    {
        var scenario = Queues(serviceTime: 0.05) with { Loss = 0.1, Service = Scenario.HeavyTailed };

        Assert.Equal(
            ClusterSimulation.Run(scenario, new SharedLeastRequests()),
            ClusterSimulation.Run(scenario, new SharedLeastRequests()));
    }

    private static Scenario Queues(double serviceTime) => new()
    {
        Frontends = 5,
        Backends = [.. Enumerable.Range(0, 20).Select(static _ => new SimulatedBackend(Servers: 1))],
        ServiceTime = serviceTime,
        ArrivalRate = 0.85 * 20 / serviceTime,
        Seconds = 300 * serviceTime,
        WarmupSeconds = 50 * serviceTime,
    };
}
