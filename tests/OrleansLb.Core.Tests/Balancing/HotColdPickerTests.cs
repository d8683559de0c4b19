using CsCheck;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class HotColdPickerTests
{
    private static readonly double[] Even = [1, 1, 1, 1];

    [Fact]
    public void ColdQuantile_IsThePapers() => Assert.Equal(HotColdPicker.ColdQuantile, Math.Pow(2, -0.25), 1e-15);

    [Fact]
    public void HotAbove_LeavesTheBusiestSixthAbove()
    {
        double[] loads = [.. Enumerable.Range(1, 101)];
        Assert.Equal(85, HotColdPicker.HotAbove(loads, AliasTable.Build([.. loads.Select(static _ => 1.0)]), new double[101]));
        Assert.Equal(double.PositiveInfinity, HotColdPicker.HotAbove([], AliasTable.Build([]), []));
        Assert.Equal(2, HotColdPicker.HotAbove([4, 9], AliasTable.Build([2, 0]), new double[2]));
    }

    [Theory]
    [InlineData(new[] { 5.0, 5, 1, 9 }, new[] { 0.4, 0.05, 0.3, 0.01 }, 6, 1)] // Three are cold: the one of them that responds first, though a hot one would before it and another has less to do.
    [InlineData(new[] { 5.0, 5, 1, 9 }, new[] { 0.4, 0.1, 0.3, 0.01 }, 0, 2)] // All are hot: the one with the least in flight.
    [InlineData(new[] { 5.0, 5, 1, 9 }, new[] { 0.4, 0.1, 0.3, 0.01 }, 100, 3)] // None is hot: the one that responds first.
    [InlineData(new[] { 5.0, 7, 8, 9 }, new[] { 0.4, 0.1, 0.3, 0.01 }, 5, 0)] // One is cold.
    public void Pick_FreshSnapshotOfASmallPool_TakesTheBestByThePapersRule(double[] loads, double[] paces, double hotAbove, int expected)
    {
        var table = AliasTable.Build(Even);
        for (ulong seed = 0; seed < 20; seed++)
        {
            var random = new PickRandom(seed);
            Assert.Equal(expected, HotColdPicker.Pick(loads, paces, hotAbove, 0, table, ref random));
        }
    }

    [Fact]
    public void Pick_Equals_ShareEvenly()
    {
        Assert.All(Shares(Even, [1, 1, 1, 1], [1, 1, 1, 1], 5, 0, 4000), static count => Assert.InRange(count, 850, 1150));
        Assert.All(Shares(Even, [1, 1, 1, 1], [1, 1, 1, 1], 0.5, 50, 4000), static count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Pick_ManyUnseen_TheBestGetsNoMoreThanTwoDrawsBring()
    {
        var counts = Shares(Even, [1, 1, 1, 1], [0.1, 0.2, 0.3, 0.4], 5, 1000, 32_000);
        ChiSquare.AssertFits(counts, [7, 5, 3, 1]);
    }

    [Fact]
    public void Pick_LargePool_TheBestGetsNoMoreThanSixteenDrawsBring()
    {
        double[] ones = [.. Enumerable.Repeat(1.0, 500)];
        var counts = Shares(ones, ones, [.. Enumerable.Range(1, 500)], 5, 0, 20_000);
        Assert.InRange(counts[0], 480, 780); // 16 in 500 of 20,000 is 640, less what comes twice.
    }

    [Fact]
    public void Pick_BackendWithoutWeight_IsLeftOut()
    {
        Assert.Equal([0, 100, 0, 0], Shares([0, 1, -1, double.NaN], [1, 50, 1, 1], [0.1, 9, 0.1, 0.1], 5, 0, 100));
        var shares = Shares([0, 1, 1, 0], [1, 50, 50, 1], [0.1, 9, 9, 0.1], 5, 0, 100);
        Assert.Equal(0, shares[0] + shares[3]);
    }

    [Fact]
    public void APickIsNeverHotWhenAllWereSeenAndOneIsCold() =>
        Gen.Select(Gen.Double[1, 50].Array[1, 16], Gen.Double[0.1, 10].Array[16], Gen.Double[0.001, 2].Array[16], Gen.ULong).Sample(static (loads, weights, paces, seed) =>
        {
            var table = AliasTable.Build(weights.AsSpan(0, loads.Length));
            var hotAbove = HotColdPicker.HotAbove(loads, table, new double[loads.Length]);
            var random = new PickRandom(seed);
            var pick = HotColdPicker.Pick(loads, paces, hotAbove, 0, table, ref random);
            var cold = Enumerable.Range(0, loads.Length).Where(i => loads[i] / weights[i] <= hotAbove).ToArray();
            return cold.Contains(pick) && paces[pick] * loads[pick] == cold.Min(i => paces[i] * loads[i]);
        });

    private static int[] Shares(double[] weights, double[] loads, double[] paces, double hotAbove, double unseen, int picks)
    {
        var table = AliasTable.Build(weights);
        var random = new PickRandom(11);
        var counts = new int[weights.Length];
        for (var i = 0; i < picks; i++)
            counts[HotColdPicker.Pick(loads, paces, hotAbove, unseen, table, ref random)]++;
        return counts;
    }
}
