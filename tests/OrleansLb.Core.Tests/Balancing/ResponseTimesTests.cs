using CsCheck;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class ResponseTimesTests
{
    [Theory]
    [InlineData(new[] { 3.0, 0, 1, 2 }, new[] { 3.0, 2, 1, 2 })]
    [InlineData(new[] { 4.0, double.NaN, 1, 2, 3 }, new[] { 4.0, 2.5, 1, 2, 3 })]
    [InlineData(new[] { 0.0, -1, double.PositiveInfinity }, new[] { 1.0, 1, 1 })]
    [InlineData(new[] { 0.0, 7 }, new[] { 7.0, 7 })]
    public void Complete_BackendsWithoutSamples_GetTheMedian(double[] known, double[] complete)
    {
        var actual = new double[known.Length];
        ResponseTimes.Complete(known, actual);
        Assert.Equal(complete, actual);
    }

    [Fact]
    public void EveryTimeIsUsable() =>
        Weights.GenAnything.Array[0, 20].Sample(static known =>
        {
            var complete = new double[known.Length];
            ResponseTimes.Complete(known, complete);
            return complete.All(static time => time > 0 && double.IsFinite(time));
        });
}
