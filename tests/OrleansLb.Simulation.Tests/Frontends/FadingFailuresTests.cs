using OrleansLb.Simulation.Frontends;

namespace OrleansLb.Simulation.Tests.Frontends;

public sealed class FadingFailuresTests
{
    private static readonly TimeSpan Service = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void At_TimePasses_EachCountsForAsLongAsARequestLastsOnAverage()
    {
        var failures = new FadingFailures(2);
        failures.At(Service, Service);
        failures.Add(1);
        failures.Add(1);
        Assert.Equal([0, 2], failures.At(Service, Service).ToArray());
        Assert.Equal(2 * Math.Exp(-1), failures.At(2 * Service, Service)[1], 9);
        Assert.Equal([0, 0], failures.At(20 * Service, Service).ToArray());
    }

    [Fact]
    public void Clear_NothingIsLeft()
    {
        var failures = new FadingFailures(1);
        failures.Add(0);
        failures.Clear();
        Assert.Equal([0], failures.At(Service, Service).ToArray());
    }
}
