using CsCheck;
using OrleansLb.LoadGenerator.Load;

namespace OrleansLb.Simulation.Tests.Benchmarks;

/// <summary>The schedule of an open loop.</summary>
public sealed class PaceTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void AsManyAreDueWithinATimeAsHavePlacesBeforeItsEnd() =>
        Gen.Select(Gen.Double[1, 200_000], Gen.Long[1, 10 * Second]).Sample(static (rate, time) =>
        {
            var pace = Pace.Fixed(rate, Second);
            var count = pace.DueWithin(time);
            return count >= 1 && pace.DueAt(count - 1) < time && pace.DueAt(count) >= time;
        });

    [Fact]
    public void PlacesDriftByNoMoreThanATick() =>
        Gen.Select(Gen.Double[1, 200_000], Gen.Long[0, 1_000_000]).Sample(static (rate, number) =>
            Math.Abs(Pace.Fixed(rate, Second).DueAt(number) - (number * (Second / rate))) <= 1);

    [Fact]
    public void Fixed_TenASecond_IsDueEveryTenth()
    {
        var pace = Pace.Fixed(10, Second);
        Assert.Equal([0, Second / 10, 2 * Second / 10], [pace.DueAt(0), pace.DueAt(1), pace.DueAt(2)]);
        Assert.Equal((10, 11), (pace.DueWithin(Second), pace.DueWithin(Second + 1)));
    }

    [Fact]
    public void Fixed_NoRate_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(static () => Pace.Fixed(0, Second));

    [Fact]
    public void Saturating_HasNoPlaces() => Assert.False(Pace.Saturating.IsFixed);
}
