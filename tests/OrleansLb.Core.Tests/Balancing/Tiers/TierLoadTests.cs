using CsCheck;
using OrleansLb.Core.Balancing.Tiers;

namespace OrleansLb.Core.Tests.Balancing.Tiers;

public sealed class TierLoadTests
{
    private const double Envoys = 1.4;

    // Envoy's own table of two levels: health of each in percent, and the traffic that each gets.
    [Theory]
    [InlineData(1, 1, 1, 0)]
    [InlineData(0.72, 0.72, 1, 0)]
    [InlineData(0.71, 0.71, 0.994, 0.006)]
    [InlineData(0.5, 0.5, 0.7, 0.3)]
    [InlineData(0.25, 1, 0.35, 0.65)]
    [InlineData(0.25, 0.25, 0.5, 0.5)]
    [InlineData(0, 1, 0, 1)]
    [InlineData(1, 0, 1, 0)]
    public void Divide_TwoTiers_SpillsOverAsTheFirstFallsShort(double first, double second, double toFirst, double toSecond)
    {
        var shares = new double[2];
        TierLoad.Divide([first, second], Envoys, shares);
        Assert.Equal(toFirst, shares[0], 1e-9);
        Assert.Equal(toSecond, shares[1], 1e-9);
    }

    [Fact]
    public void Divide_NothingEligible_GivesNobodyAnything()
    {
        var shares = new double[] { 7, 7 };
        TierLoad.Divide([0, double.NaN], Envoys, shares);
        Assert.Equal([0, 0], shares);
    }

    [Fact]
    public void SharesAddUpToAllAndATierGetsSomethingOnlyWhenThoseBeforeItFallShort() =>
        Gen.Select(Gen.Double[-0.5, 1.5].Array[1, 16], Gen.Double[0.5, 10]).Sample((health, overprovisioning) =>
        {
            var shares = new double[health.Length];
            TierLoad.Divide(health, overprovisioning, shares);
            var factor = Math.Max(1, overprovisioning);
            var before = 0.0;
            for (var i = 0; i < health.Length; i++)
            {
                Assert.InRange(shares[i], 0, 1 + 1e-9);
                Assert.True(shares[i] <= 1e-9 || before < 1);
                before += Math.Clamp(health[i] * factor, 0, 1);
            }

            Assert.Equal(health.Any(static one => one > 0) ? 1 : 0, shares.Sum(), 1e-9);
        });

    [Fact]
    public void ABackendThatComesBackNeverTakesTrafficFromItsOwnTier() =>
        Gen.Select(Gen.Double[0, 1].Array[1, 8], Gen.Double[1, 3], Gen.Double[0, 0.5], Gen.Int[0, 7]).Sample((health, overprovisioning, gain, at) =>
        {
            at %= health.Length;
            var (before, after) = (new double[health.Length], new double[health.Length]);
            TierLoad.Divide(health, overprovisioning, before);
            health[at] = Math.Min(1, health[at] + gain);
            TierLoad.Divide(health, overprovisioning, after);
            return after[at] >= before[at] - 1e-9;
        });
}
