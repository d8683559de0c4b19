using CsCheck;
using OrleansLb.Reports;

namespace OrleansLb.Simulation.Tests.Benchmarks;

public sealed class SpreadTests
{
    [Theory]
    [InlineData("3.0 (1.0-9.0)", 9.0, 1.0, 3.0)]
    [InlineData("2.5 (1.0-9.0)", 9.0, 1.0, 3.0, 2.0)]
    [InlineData("7.0 (7.0-7.0)", 7.0)]
    public void Of_Measurements_ShowsMedianLeastAndMost(string shown, params double[] figures) => Assert.Equal(shown, Spread.Of(figures).ToString("F1"));

    [Fact]
    public void Of_Nothing_IsRefused() => Assert.Throws<ArgumentException>(static () => Spread.Of([]));

    [Fact]
    public void RatioIsNotMovedByTurnsInWhichTheWholeMachineIsSlow() =>
        Gen.Select(Gen.Double[0.1, 10], Gen.Double[1, 1000].Array[1, 20]).Sample(static (ratio, others) =>
        {
            var spread = Spread.Ratio([.. others.Select(other => ratio * other)], others);
            return Math.Abs(spread.Least - ratio) < 1e-9 && Math.Abs(spread.Median - ratio) < 1e-9 && Math.Abs(spread.Most - ratio) < 1e-9;
        });

    [Fact]
    public void Ratio_UnequallyManyTurns_IsRefused() => Assert.Throws<ArgumentException>(static () => Spread.Ratio([1, 2], [1]));
}
