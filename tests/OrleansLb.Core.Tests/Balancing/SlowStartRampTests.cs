using CsCheck;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class SlowStartRampTests
{
    private static readonly SlowStartDefinition HalfAMinute = new() { Window = TimeSpan.FromSeconds(30) };

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(1.5, 0.1)]
    [InlineData(15, 0.5)]
    [InlineData(29, 0.9667)]
    [InlineData(30, 1)]
    [InlineData(3000, 1)]
    [InlineData(-5, 0.1)]
    public void Factor_StraightRamp_GrowsWithTimeFromTheLeast(double seconds, double factor) =>
        Assert.Equal(factor, SlowStartRamp.Factor(TimeSpan.FromSeconds(seconds), HalfAMinute), 1e-4);

    [Fact]
    public void Factor_Aggression_RisesFasterAtFirst() =>
        Assert.Equal(Math.Sqrt(0.25), SlowStartRamp.Factor(TimeSpan.FromSeconds(7.5), HalfAMinute with { Aggression = 2 }), 1e-9);

    [Fact]
    public void Factor_NeverOut_IsOne() => Assert.Equal(1, SlowStartRamp.Factor(null, HalfAMinute));

    [Fact]
    public void Factor_NoRamp_IsOne() => Assert.Equal(1, SlowStartRamp.Factor(TimeSpan.Zero, null));

    [Fact]
    public void FactorNeverFallsAndStaysWithinItsBounds() =>
        Gen.Select(Gen.Double[0, 4000], Gen.Double[0, 4000], Gen.Double[0.001, 3600], Gen.Double[0.1, 10], Gen.Int[1, 100])
            .Sample((one, other, window, aggression, least) =>
            {
                var rules = new SlowStartDefinition { Window = TimeSpan.FromSeconds(window), Aggression = aggression, MinWeightPercent = least };
                var earlier = SlowStartRamp.Factor(TimeSpan.FromSeconds(Math.Min(one, other)), rules);
                var later = SlowStartRamp.Factor(TimeSpan.FromSeconds(Math.Max(one, other)), rules);
                return earlier <= later && earlier >= least / 100.0 && later <= 1;
            });
}
