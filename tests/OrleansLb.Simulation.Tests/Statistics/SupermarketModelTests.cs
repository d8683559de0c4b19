using OrleansLb.Simulation.Policies;
using OrleansLb.Simulation.Scenarios;
using OrleansLb.Simulation.Statistics;

namespace OrleansLb.Simulation.Tests.Statistics;

/// <summary>Short runs; the simulator's <c>classics</c> takes the time that loads nearer to 1 need.</summary>
public sealed class SupermarketModelTests
{
    // Table 1 of Mitzenmacher's paper gives the limit for two choices.
    [Theory]
    [InlineData(0.5, 1.2657)]
    [InlineData(0.7, 1.6145)]
    [InlineData(0.9, 2.6141)]
    [InlineData(0.95, 3.3830)]
    [InlineData(0.99, 5.4320)]
    public void MeanTime_TwoChoices_IsThePublishedLimit(double load, double expected) =>
        Assert.Equal(expected, SupermarketModel.MeanTime(load, 2), 0.0001);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(0.9)]
    public void Run_RandomChoice_IsWithinThreePercentOfItsClosedForm(double load) =>
        Compare(PolicyCatalogue.Random, load, choices: 1, memory: 1 / Math.Pow(1 - Math.Sqrt(load), 2), seeds: 2);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.95)]
    public void Run_PowerOfTwoFreshlyInformed_IsWithinThreePercentOfItsClosedForm(double load) =>
        Compare(PolicyCatalogue.InformedPowerOfTwo, load, choices: 2, memory: 2 / (1 - load), seeds: 2);

    private static void Compare(PolicyChoice policy, double load, int choices, double memory, int seeds)
    {
        var scenario = new Scenario
        {
            Frontends = 1,
            Backends = Scenario.Alike(1000),
            Load = load,
            Warmup = Math.Max(50, 5 * memory),
            Duration = Math.Max(100, 5 * memory),
        };

        var outcome = new Replications(seeds, Environment.ProcessorCount).Run(scenario, policy);

        Assert.InRange(outcome.Mean.Value / SupermarketModel.MeanTime(load, choices), 0.97, 1.03);
    }
}
