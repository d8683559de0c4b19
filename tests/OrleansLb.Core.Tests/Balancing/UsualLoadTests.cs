using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class UsualLoadTests
{
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(5);
    private static readonly double KeptInASecond = Math.Exp(-0.1);

    [Fact]
    public void Observe_ForTheFirstTime_IsWhatThereIs() => Assert.Equal(new UsualLoad(3, Start), UsualLoad.None.Observe(3, Start));

    [Fact]
    public void Observe_Again_ForgetsAsResponseTimesDo()
    {
        var usual = new UsualLoad(4, Start).Observe(1, Start + TimeSpan.FromSeconds(1));
        Assert.Equal((4 * KeptInASecond) + (1 * (1 - KeptInASecond)), usual.Mean, 12);
        Assert.Equal(usual, usual.Observe(100, Start));
    }

    [Fact]
    public void Observe_NobodyLookedForLong_WhatThereIsNowWasNotThereAllTheTime() =>
        Assert.Equal((4 * KeptInASecond) + (1 * (1 - KeptInASecond)), new UsualLoad(4, Start).Observe(1, Start + TimeSpan.FromMinutes(1)).Mean, 12);

    // Seen at a backend that was measured behind many others: by its old time alone it would never be tried again.
    [Fact]
    public void HotCold_OneWasSlowBecauseItWasBusy_IsTakenWhenItIsIdle()
    {
        var (random, table) = (new PickRandom(1), AliasTable.Build([1, 1, 1]));
        double[] paces = [0.02 / 2, 0.2 / 20, 0.02 / 2];
        double[] loads = [3, 1, 3];
        for (var i = 0; i < 20; i++)
            Assert.Equal(1, HotColdPicker.Pick(loads, paces, HotColdPicker.HotAbove(loads, table, new double[3]), 0, table, ref random));
    }
}
