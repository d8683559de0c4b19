using CsCheck;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

/// <summary>Several backends at a time, whatever is left over at the end, give what one after the other gives.</summary>
public sealed class LeastRequestsLaws
{
    // Longer than two blocks of any processor, and of every length in between.
    private const int Most = 70;

    // Whole quarters: every sum is exact in any order, and many are equal.
    private static readonly Gen<double> GenQuarters = Gen.Int[4, 40].Select(static quarters => quarters / 4.0);

    private static readonly Gen<double> GenUnseen = Gen.OneOf(Gen.Const(0.0), Gen.Int[0, 400].Select(static quarters => quarters / 4.0));

    [Fact]
    public void FastPickIsThePlainOneWithTiesAndWithWeightsOfZero() =>
        Gen.Select(GenQuarters.Array[2, Most], GenQuarters.Array[Most], Gen.Int[0, 6].Array[Most], GenUnseen, Gen.ULong)
            .Sample(static (loads, known, weights, unseen, seed) => AssertSame(
                loads, known[..loads.Length], [.. weights[..loads.Length].Select(static (weight, i) => i == 0 ? 1.0 : weight)], unseen, seed));

    [Fact]
    public void FastPickIsThePlainOneWhereTheOthersKnowAll() =>
        Gen.Select(GenQuarters.Array[2, Most], Gen.Int[1, 6].Array[Most], GenUnseen, Gen.ULong)
            .Sample(static (loads, weights, unseen, seed) => AssertSame(loads, loads, [.. weights[..loads.Length].Select(static weight => (double)weight)], unseen, seed));

    [Fact]
    public void FastPickIsThePlainOneForAnyNumbers() =>
        Gen.Select(Gen.Double[1, 1000].Array[2, Most], Gen.Double[1, 1000].Array[Most], Gen.Double[0.001, 1000].Array[Most], Gen.OneOf(Gen.Double[0, 1], Gen.Double[0, 1e5]), Gen.ULong)
            .Sample(static (loads, known, weights, unseen, seed) => AssertSame(loads, known[..loads.Length], weights[..loads.Length], unseen, seed));

    [Fact]
    public void FastPickIsThePlainOneWhenAllAreIdle() =>
        Gen.Select(Gen.Int[2, Most], Gen.Int[1, 2].Array[Most], Gen.Int[0, 40], Gen.ULong).Sample(static (count, weights, unseen, seed) =>
        {
            var idle = Enumerable.Repeat(1.0, count).ToArray();
            AssertSame(idle, idle, [.. weights[..count].Select(static weight => (double)weight)], unseen, seed);
        });

    private static void AssertSame(double[] loads, double[] known, double[] weights, double unseen, ulong seed)
    {
        var (fast, plain) = (new PickRandom(seed), new PickRandom(seed));
        for (var i = 0; i < 8; i++)
            Assert.Equal(PlainLeastRequests.Pick(loads, known, weights, unseen, ref plain), LeastRequestsPicker.Pick(loads, known, weights, unseen, ref fast));
        // Nor has one drawn more often.
        Assert.Equal(plain.NextDouble(), fast.NextDouble());
    }
}
