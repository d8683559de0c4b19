using OrleansLb.Core.Balancing;
using OrleansLb.Simulation.Statistics;

namespace OrleansLb.Simulation.Tests.Statistics;

public sealed class EstimateTests
{
    [Fact]
    public void Of_KnownSample_HasStudentsInterval()
    {
        // Standard deviation 1.5811 of five values; t of four degrees of freedom is 2.776.
        var estimate = Estimate.Of([1, 2, 3, 4, 5]);
        Assert.Equal(3, estimate.Value, 1e-9);
        Assert.Equal(2.776 * 1.58114 / Math.Sqrt(5), estimate.HalfWidth, 1e-4);
        Assert.Equal("3.00 ± 1.96", estimate.ToString("0.00"));
    }

    [Fact]
    public void Of_OneSeed_SaysNothingOfTheUncertainty() => Assert.Equal("3.00", Estimate.Of([3]).ToString("0.00"));

    [Fact]
    public void OfRatio_SeedsThatDifferAlike_IsSure()
    {
        var ratio = Estimate.OfRatio([2, 4, 8], [1, 2, 4]);
        Assert.Equal((2, 0), (ratio.Value, ratio.HalfWidth));
    }

    [Fact]
    public void OfRatio_NineteenOfTwentyIntervalsHoldTheTruth()
    {
        var (random, held) = (new PickRandom(5), 0);
        for (var i = 0; i < 1000; i++)
        {
            var (values, references) = (new double[6], new double[6]);
            for (var seed = 0; seed < 6; seed++)
            {
                references[seed] = 10 + random.NextDouble();
                values[seed] = (2 * references[seed]) + random.NextDouble() - 0.5;
            }

            var ratio = Estimate.OfRatio(values, references);
            held += Math.Abs(ratio.Value - 2) <= ratio.HalfWidth ? 1 : 0;
        }

        Assert.InRange(held, 920, 980);
    }
}
