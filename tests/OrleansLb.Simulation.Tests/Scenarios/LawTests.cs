using OrleansLb.Core.Balancing;
using OrleansLb.Simulation.Scenarios;

namespace OrleansLb.Simulation.Tests.Scenarios;

public sealed class LawTests
{
    public static TheoryData<string> Laws { get; } = ["constant", "exponential", "bimodal", "Pareto"];

    [Theory]
    [MemberData(nameof(Laws))]
    public void Draw_EveryLaw_HasMeanOne(string name)
    {
        ServiceLaw[] laws = [ServiceLaw.Constant, ServiceLaw.Exponential, ServiceLaw.Bimodal, ServiceLaw.Pareto];
        var (law, random, sum) = (laws.Single(each => each.Name == name), new PickRandom(3), 0.0);
        for (var i = 0; i < 1_000_000; i++)
            sum += law.Draw(ref random);
        Assert.Equal(1, sum / 1_000_000, 0.02);
    }

    [Fact]
    public void NextArrival_Bursts_HaveTheMeanRateAndDoubleItForAFifthOfTheTime()
    {
        var scenario = Scenario() with { Arrivals = ArrivalLaw.Bursts };
        var workload = new Workload(scenario, 1);
        var perServiceTime = new int[20_000];
        for (var at = workload.NextArrival(); at < perServiceTime.Length * scenario.ServiceSeconds; at = workload.NextArrival())
            perServiceTime[(int)(at / scenario.ServiceSeconds)]++;
        Assert.Equal(scenario.ArrivalRate, perServiceTime.Average(), 0.02 * scenario.ArrivalRate);
        Assert.InRange(perServiceTime.Count(count => count > 1.4 * scenario.ArrivalRate), 0.15 * perServiceTime.Length, 0.25 * perServiceTime.Length);
    }

    [Fact]
    public void NextArrival_Poisson_IsAsVariableAsItsMean()
    {
        var scenario = Scenario();
        var workload = new Workload(scenario, 1);
        var perServiceTime = new double[20_000];
        for (var at = workload.NextArrival(); at < perServiceTime.Length * scenario.ServiceSeconds; at = workload.NextArrival())
            perServiceTime[(int)(at / scenario.ServiceSeconds)]++;
        var mean = perServiceTime.Average();
        Assert.Equal(1, perServiceTime.Average(count => (count - mean) * (count - mean)) / mean, 0.05);
    }

    [Fact]
    public void ArrivalRate_UnequalBackends_IsTheShareOfWhatTheyServe() =>
        Assert.Equal(0.5 * (3 + 2 + 1), (Scenario() with { Load = 0.5, Backends = [new(Servers: 3), new(Slowness: 0.5, Servers: 1), new()] }).ArrivalRate);

    private static Scenario Scenario() => new() { Frontends = 2, Backends = OrleansLb.Simulation.Scenarios.Scenario.Alike(100), Load = 0.9 };
}
