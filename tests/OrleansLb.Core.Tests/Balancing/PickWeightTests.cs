using CsCheck;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class PickWeightTests
{
    [Fact]
    public void Fill_NegativeAndNoNumber_AreZero() => Assert.Equal([0, 0, 2, 0], Weights.Usable([-1, double.NaN, 2, double.NegativeInfinity]));

    [Fact]
    public void Fill_AllZero_AreEqual() => Assert.Equal([1, 1, 1], Weights.Usable([0, -3, double.NaN]));

    [Fact]
    public void EveryWeightIsUsableAndOneIsPositive() =>
        Weights.GenAnything.Array[1, 20].Sample(static weights =>
        {
            var usable = Weights.Usable(weights);
            return usable.All(static weight => weight is 0 or (> 1e-13 and < 1e13)) && usable.Sum() > 0;
        });
}
