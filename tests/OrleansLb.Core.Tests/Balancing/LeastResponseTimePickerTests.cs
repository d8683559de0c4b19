using CsCheck;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class LeastResponseTimePickerTests
{
    [Fact]
    public void WithNothingUnseenThePickHasTheLeastTimeTimesOutstandingPerWeight() =>
        Gen.Select(Gen.Double[1, 50].Array[2, 20], Gen.Double[0.1, 10].Array[20], Gen.Double[0.001, 2].Array[20], Gen.ULong).Sample(static (loads, weights, times, seed) =>
        {
            var random = new PickRandom(seed);
            var pick = LeastResponseTimePicker.Pick(loads, loads, Speeds(weights[..loads.Length], times), 0, ref random);
            // Half of the request to place counts.
            double Cost(int i) => times[i] * (loads[i] - 0.5) / weights[i];
            return Cost(pick) <= Enumerable.Range(0, loads.Length).Min(Cost) * (1 + 1e-9);
        });

    [Fact]
    public void Pick_ManyUnseen_SharesByWeightOverTime()
    {
        var speeds = Speeds([1, 1, 2], [0.1, 0.3, 0.3]);
        var random = new PickRandom(3);
        var counts = new int[3];
        for (var i = 0; i < 30_000; i++)
            counts[LeastResponseTimePicker.Pick([1, 1, 1], [1, 1, 1], speeds, 1e9, ref random)]++;
        ChiSquare.AssertFits(counts, [3, 1, 2]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Pick_ManyUnseen_SharesByAnyWeightsOverAnyTimes(ulong seed)
    {
        var (weights, tenths) = (Weights.Whole(seed, 9, 20), Weights.Whole(seed + 100, 9, 10));
        var speeds = Speeds(weights, [.. tenths.Select(static time => time / 10)]);
        var random = new PickRandom(seed);
        var (ones, counts) = (Enumerable.Repeat(1.0, 9).ToArray(), new int[9]);
        for (var i = 0; i < 60_000; i++)
            counts[LeastResponseTimePicker.Pick(ones, ones, speeds, 1e9, ref random)]++;
        ChiSquare.AssertFits(counts, [.. weights.Zip(tenths, static (weight, time) => weight / time)]);
    }

    [Fact]
    public void Weigh_Newcomer_IsTakenToBeAsFastAsTheMedian()
    {
        var speeds = Speeds([1, 1, 3], [0.1, 0.5, 0]);
        Assert.Equal((10.0, 2.0), (speeds[0], speeds[1]));
        Assert.Equal(3 / 0.3, speeds[2], 9);
    }

    [Fact]
    public void Weigh_NoWeightAtAll_IsEqualWeights() => Assert.Equal(Speeds([1, 1], [0.1, 0.5]), Speeds([0, double.NaN], [0.1, 0.5]));

    [Fact]
    public void Pick_BackendWithoutWeight_IsLeftOut()
    {
        var random = new PickRandom(3);
        var speeds = Speeds([0, 1, -1], [0.1, 0.5, 0.1]);
        for (var unseen = 0; unseen < 20; unseen++)
            Assert.Equal(1, LeastResponseTimePicker.Pick([1, 9, 1], [1, 9, 1], speeds, unseen, ref random));
    }

    private static double[] Speeds(double[] weights, double[] times)
    {
        var speeds = new double[weights.Length];
        LeastResponseTimePicker.Weigh(weights, times, speeds);
        return speeds;
    }
}
