using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class UsualLoadsTests
{
    private static readonly double Kept = Math.Exp(-1);

    [Fact]
    public void Observe_ForTheFirstTime_IsWhatThereIs()
    {
        double[] usual = [7, 7];
        UsualLoads.Observe([1, 3], null, usual);
        Assert.Equal([1, 3], usual);
    }

    [Fact]
    public void Observe_Again_ForgetsAsResponseTimesDo()
    {
        double[] usual = [4, 4];
        UsualLoads.Observe([1, 9], PeakEwma.DefaultDecay, usual);
        Assert.Equal((4 * Kept) + (1 * (1 - Kept)), usual[0], 12);
        Assert.Equal((4 * Kept) + (9 * (1 - Kept)), usual[1], 12);

        UsualLoads.Observe([100, 100], TimeSpan.FromSeconds(-1), usual);
        Assert.Equal((4 * Kept) + (1 * (1 - Kept)), usual[0], 12);
    }

    [Fact]
    public void Divide_SaysWhatOneRequestTakes()
    {
        double[] times = [0.6, 0.1];
        UsualLoads.Divide(times, [6, 1], times);
        Assert.Equal(0.1, times[0], 12);
        Assert.Equal(0.1, times[1], 12);
    }

    // Seen at a backend that was measured behind many others: by its old time alone it would never be tried again.
    [Fact]
    public void HotCold_OneWasSlowBecauseItWasBusy_IsTakenWhenItIsIdle()
    {
        var (random, table, paces) = (new PickRandom(1), AliasTable.Build([1, 1, 1]), new double[3]);
        UsualLoads.Divide([0.02, 0.2, 0.02], [2, 20, 2], paces);
        double[] loads = [3, 1, 3];
        for (var i = 0; i < 20; i++)
            Assert.Equal(1, HotColdPicker.Pick(loads, paces, HotColdPicker.HotAbove(loads, table, new double[3]), 0, table, ref random));
    }
}
