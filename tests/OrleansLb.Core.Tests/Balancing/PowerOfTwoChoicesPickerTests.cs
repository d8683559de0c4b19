using CsCheck;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class PowerOfTwoChoicesPickerTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 5)]
    [InlineData(3, 12)]
    public void TheTwoAreDrawnByWeightWithoutReplacement(ulong seed, int count)
    {
        var weights = Weights.Whole(seed, count, 5);
        var table = AliasTable.Build(weights);
        var random = new PickRandom(seed);
        var counts = new int[count * count];
        for (var i = 0; i < 200_000; i++)
        {
            var (first, second) = PowerOfTwoChoicesPicker.Sample(table, ref random);
            counts[(first * count) + second]++;
        }

        var sum = weights.Sum();
        ChiSquare.AssertFits(counts, [.. counts.Select((_, at) =>
            (at / count) == (at % count) ? 0 : weights[at / count] / sum * weights[at % count] / (sum - weights[at / count]))]);
    }

    [Fact]
    public void ThePickIsTheBetterOfTheTwo() =>
        Gen.Select(Weights.GenUsable, Gen.Double[1, 100].Array[40], Gen.ULong).Sample(static (weights, loads, seed) =>
        {
            var table = AliasTable.Build(weights);
            var (same, random) = (new PickRandom(seed), new PickRandom(seed));
            var (first, second) = PowerOfTwoChoicesPicker.Sample(table, ref same);
            var pick = PowerOfTwoChoicesPicker.Pick(loads.AsSpan(0, weights.Length), table, ref random);
            Assert.Equal(Math.Min(loads[first] / table.Weights[first], loads[second] / table.Weights[second]), loads[pick] / table.Weights[pick]);
            Assert.True(first != second || table.Drawable == 1);
        });

    [Fact]
    public void Pick_TheBusiestOfAll_IsNeverTaken()
    {
        var table = AliasTable.Build([1, 1, 1, 1]);
        var random = new PickRandom(5);
        var counts = new int[4];
        for (var i = 0; i < 60_000; i++)
            counts[PowerOfTwoChoicesPicker.Pick([4, 1, 3, 2], table, ref random)]++;
        ChiSquare.AssertFits(counts, [0, 3, 1, 2]);
    }

    [Fact]
    public void Sample_OneOutweighsAllOthers_StillDrawsTwo()
    {
        var table = AliasTable.Build([1e-9, 1e12, 1e-9]);
        var random = new PickRandom(5);
        for (var i = 0; i < 100; i++)
        {
            var (first, second) = PowerOfTwoChoicesPicker.Sample(table, ref random);
            Assert.NotEqual(first, second);
        }
    }

    [Fact]
    public void Pick_NoChoice_TakesWhatThereIs()
    {
        var random = new PickRandom(5);
        Assert.Equal(-1, PowerOfTwoChoicesPicker.Pick([], AliasTable.Build([]), ref random));
        Assert.Equal(0, PowerOfTwoChoicesPicker.Pick([9], AliasTable.Build([0]), ref random));
        Assert.Equal(1, PowerOfTwoChoicesPicker.Pick([1, 9, 1], AliasTable.Build([0, 2, -1]), ref random));
    }
}
