using CsCheck;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class AliasTableTests
{
    [Fact]
    public void TheColumnsHoldExactlyTheWeights() =>
        Gen.OneOf(Weights.GenUsable, Weights.GenAnything.Array[1, 20]).Sample(static weights =>
        {
            var usable = Weights.Usable(weights);
            var table = AliasTable.Build(weights);
            var shares = new double[weights.Length];
            for (var column = 0; column < weights.Length; column++)
            {
                var (threshold, alias) = (table.Entries[column].Threshold, table.Entries[column].Alias);
                shares[column] += threshold / weights.Length;
                shares[alias] += (1 - threshold) / weights.Length;
            }

            Assert.All(usable.Zip(shares), pair => Assert.Equal(pair.First / usable.Sum(), pair.Second, 1e-9));
            Assert.Equal(usable.Count(static weight => weight > 0), table.Drawable);
        });

    [Fact]
    public void WhoeverHasNoWeightIsNeverDrawn() =>
        Gen.Select(Weights.GenUsable, Gen.ULong).Sample(static (weights, seed) =>
        {
            var table = AliasTable.Build(weights);
            var random = new PickRandom(seed);
            return Enumerable.Range(0, 200).All(_ => table.Weights[table.Pick(ref random)] > 0);
        });

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 50)]
    [InlineData(3, 300)]
    public void SharesAreByWeight(ulong seed, int count)
    {
        var weights = Weights.Whole(seed, count, 20);
        var table = AliasTable.Build(weights);
        var random = new PickRandom(seed);
        var counts = new int[count];
        for (var i = 0; i < 100_000; i++)
            counts[table.Pick(ref random)]++;
        ChiSquare.AssertFits(counts, weights);
    }

    [Fact]
    public void Pick_NoBackends_ReturnsNone()
    {
        var random = new PickRandom(1);
        Assert.Equal(-1, AliasTable.Build([]).Pick(ref random));
    }

    [Fact]
    public void Pick_OneBackend_ReturnsItWithoutDrawing()
    {
        var random = new PickRandom(1);
        var untouched = random;
        Assert.Equal(0, AliasTable.Build([0]).Pick(ref random));
        Assert.Equal(untouched.NextDouble(), random.NextDouble());
    }
}
