using CsCheck;
using OrleansLb.Core.Hashing;

namespace OrleansLb.Core.Tests.Hashing;

public sealed class DeterministicLogTests
{
    [Fact]
    public void AgreesWithTheRuntimesLogarithm() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 63]).Sample(static (bits, shift) => IsClose(bits >> shift) && IsClose(~(bits >> shift)));

    [Theory]
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData((1UL << 63) - 1)]
    public void NegativeLog_AtTheEdges_IsPositiveAndFinite(ulong hash)
    {
        var value = DeterministicLog.NegativeLogOfFraction(hash);
        Assert.True(value > 0 && double.IsFinite(value));
        Assert.True(IsClose(hash));
    }

    [Fact]
    public void GreaterHashesCostLess() =>
        Gen.Select(Gen.ULong, Gen.ULong).Sample(static (a, b) =>
            (a >> 12).CompareTo(b >> 12) is var order && (order == 0 || DeterministicLog.NegativeLogOfFraction(a).CompareTo(DeterministicLog.NegativeLogOfFraction(b)) != order));

    private static bool IsClose(ulong hash)
    {
        var fraction = ((2.0 * (hash >> 12)) + 1) / 9007199254740992.0;
        // Near 1 the fraction's distance from 1 is exact and its logarithm is not: compare through log1p's series there.
        var expected = fraction > 0.999 ? NegativeLogBelowOne(1 - fraction) : -Math.Log(fraction);
        return Math.Abs(DeterministicLog.NegativeLogOfFraction(hash) - expected) <= 1e-14 * expected;
    }

    private static double NegativeLogBelowOne(double d) => d * (1 + (d * ((1.0 / 2) + (d * ((1.0 / 3) + (d * ((1.0 / 4) + (d / 5))))))));
}
