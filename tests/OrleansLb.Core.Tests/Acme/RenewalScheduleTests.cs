using CsCheck;
using OrleansLb.Core.Acme;

namespace OrleansLb.Core.Tests.Acme;

public sealed class RenewalScheduleTests
{
    private static readonly DateTimeOffset Begin = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void RenewalIsAtTwoThirdsOfLifeOrALittleEarlier() =>
        Gen.Select(Gen.Double[0, 1], Gen.Int[1, 10_000]).Sample(static (spread, hours) =>
        {
            var life = TimeSpan.FromHours(hours);
            var passed = RenewalSchedule.Due(Begin, Begin + life, spread) - Begin;
            return passed <= life * 2 / 3 && passed >= life * 0.63;
        });

    [Fact]
    public void NoNameFailsFiveTimesInAnHour() => Gen.Int[0, 50].Sample(static first =>
    {
        var time = TimeSpan.Zero;
        for (var failures = first + 1; failures <= first + 4; failures++)
            time += RenewalSchedule.Pause(failures, advice: null);
        return time > TimeSpan.FromHours(1);
    });

    [Fact]
    public void PausesGrowToHalfADayAndNoFurther() => Gen.Int[1, int.MaxValue - 1].Sample(static failures =>
    {
        var pause = RenewalSchedule.Pause(failures, advice: null);
        return pause >= TimeSpan.FromMinutes(5) && pause <= RenewalSchedule.LongestPause && pause <= RenewalSchedule.Pause(failures + 1, advice: null);
    });

    [Theory]
    [InlineData(1, 5)]
    [InlineData(60, 60)]
    [InlineData(60 * 24 * 365, 60 * 24 * 7)]
    public void Pause_TheAuthorityAsksForMore_IsThatUpToAWeek(int askedMinutes, int expectedMinutes) =>
        Assert.Equal(TimeSpan.FromMinutes(expectedMinutes), RenewalSchedule.Pause(1, TimeSpan.FromMinutes(askedMinutes)));
}
