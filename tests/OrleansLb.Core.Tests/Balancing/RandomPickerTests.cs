using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class RandomPickerTests
{
    [Theory]
    [InlineData(-3, -1)]
    [InlineData(0, -1)]
    [InlineData(1, 0)]
    public void Pick_NoChoice_TakesWhatThereIsWithoutDrawing(int candidates, int expected)
    {
        var random = new PickRandom(1);
        var untouched = random;
        Assert.Equal(expected, RandomPicker.Pick(candidates, ref random));
        Assert.Equal(untouched.NextDouble(), random.NextDouble());
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(7, 2)]
    [InlineData(100, 3)]
    public void SharesAreEven(int candidates, ulong seed)
    {
        var random = new PickRandom(seed);
        var counts = new int[candidates];
        for (var i = 0; i < 50_000; i++)
            counts[RandomPicker.Pick(candidates, ref random)]++;
        ChiSquare.AssertFits(counts, [.. Enumerable.Repeat(1.0, candidates)]);
    }
}
