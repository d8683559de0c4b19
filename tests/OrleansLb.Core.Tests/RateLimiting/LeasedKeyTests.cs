using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using static OrleansLb.Core.Tests.RateLimiting.LimitRules;

namespace OrleansLb.Core.Tests.RateLimiting;

/// <summary>From when and until when the range counts what it leased, algorithm by algorithm.</summary>
public sealed class LeasedKeyTests
{
    [Fact]
    public void FixedWindow_Leased_CountsInItsWindowAndEndsWithIt()
    {
        var range = Fresh(Leased(RateLimitAlgorithm.FixedWindow, 100, 2000));
        var grant = range.Handle(Renew(1, 1000), Ms(1700)).Grants[0];
        Assert.Equal((50, Ms(300)), (grant.Amount, grant.Length));
        Assert.Equal(50, Admitted(range.Handle(Acquire(2, 100), Ms(1701))));
        // What comes back after the window is nobody's, and the next one is whole.
        range.Handle(Renew(3, 0, new GrantReport(1, grant.GrantId, 0, 50)), Ms(2001));
        Assert.Equal(100, Admitted(range.Handle(Acquire(4, 150), Ms(2002))));
    }

    [Fact]
    public void FixedWindow_GivenBackInTime_IsAdmittedToOthers()
    {
        var range = Fresh(Leased(RateLimitAlgorithm.FixedWindow, 100, 2000));
        var grant = range.Handle(Renew(1, 1000), Ms(0)).Grants[0];
        range.Handle(Renew(2, 0, new GrantReport(1, grant.GrantId, 20, 30)), Ms(600));
        Assert.Equal(80, Admitted(range.Handle(Acquire(3, 100), Ms(601))));
    }

    [Fact]
    public void FixedWindow_AlmostOver_LeasesNothing()
    {
        var range = Fresh(Leased(RateLimitAlgorithm.FixedWindow, 100, 2000));
        Assert.Equal(0, range.Handle(Renew(1, 1000), Ms(1990)).Grants[0].Amount);
    }

    [Fact]
    public void FixedWindow_ShareChargedWhileLeasesAreOut_FillsTheWindowBesideThem()
    {
        var range = Fresh(Leased(RateLimitAlgorithm.FixedWindow, 100, 60_000) with { WhenUnreachable = WhenUnreachable.Share });
        var (here, gone) = (new FrontendPresence("a", TimeSpan.Zero, 2), new FrontendPresence("b", TimeSpan.Zero, 2));
        range.Observe([here, gone], Ms(0));
        range.Handle(Acquire(1, 60), Ms(1));
        var grant = range.Handle(Renew(2, 1000), Ms(1900)).Grants[0];
        Assert.Equal(40, grant.Amount);

        // The other one was not heard for two seconds, may have used half of the limit, and comes back.
        range.Observe([here, gone with { SinceProven = Ms(2050) }], Ms(2050));
        Assert.Equal(0.5, range.ReservedPart);
        range.Observe([here, gone], Ms(2100));
        range.Handle(Renew(3, 0, new GrantReport(1, grant.GrantId, 0, 40)), Ms(2200));
        Assert.Equal(0, Admitted(range.Handle(Acquire(4, 100), Ms(2300))));
    }

    [Fact]
    public void SlidingWindowLog_Leased_CountsFromTheEndOfTheLeaseOrFromWhenItSaysItWasSpent()
    {
        var range = Fresh(Leased(RateLimitAlgorithm.SlidingWindowLog, 10, 2000));
        var grant = range.Handle(Renew(1, 1000), Ms(0)).Grants[0];
        Assert.Equal((5, Ms(1000)), (grant.Amount, grant.Length));
        range.Handle(Renew(2, 0, new GrantReport(1, grant.GrantId, 2, 0) { SpentAge = Ms(400) }), Ms(500));
        Assert.Equal(5, Admitted(range.Handle(Acquire(3, 100), Ms(900))));
        Assert.Equal(0, Admitted(range.Handle(Acquire(4, 100), Ms(2099))));
        // Spent at 100 ms, by a clock that may be a thousandth off; the other three may have been until 1,000 ms.
        Assert.Equal(2, Admitted(range.Handle(Acquire(5, 100), Ms(2101))));
        Assert.Equal(5, Admitted(range.Handle(Acquire(6, 100), Ms(2999))));
        Assert.Equal(3, Admitted(range.Handle(Acquire(7, 100), Ms(3000))));
    }

    [Fact]
    public void LeakyBucket_Leased_TurnsLieAsFarApartAsThePartOfTheDemandAndOthersBetween()
    {
        var range = Fresh(Queue(50, 19, RateLimitMode.Leased));
        var one = Renew(1, 100) with { Renewals = [new LeaseRenewal(Key, 100, 75, [])] };
        range.Handle(one, Ms(0));
        var other = range.Handle(one with { Holder = "b", Renewals = [new LeaseRenewal(Key, 100, 25, [])] }, Ms(0)).Grants[0];
        var next = range.Handle(one with { Seq = 2 }, Ms(1000)).Grants[0];

        // The first was alone and got all turns that may be leased; now it has three of four.
        Assert.Equal(0, other.Amount);
        Assert.Equal([Ms(0), Ms(20), Ms(40), Ms(80), Ms(100), Ms(120), Ms(160)], next.Turns);
        Assert.Equal([Ms(60), Ms(140), Ms(180), Ms(200)], range.Handle(Acquire(3, 4), Ms(1000)).Decisions.Select(static decision => decision.Delay));
    }

    [Theory]
    [InlineData(RateLimitAlgorithm.FixedWindow, 99)]
    [InlineData(RateLimitAlgorithm.SlidingWindowLog, 20)]
    public void WindowsTooShortToLease_AreAskedFor(RateLimitAlgorithm algorithm, double window)
    {
        var range = Fresh(Leased(algorithm, 100, window));
        Assert.Equal(0, range.Handle(Renew(1, 1000), Ms(0)).Grants[0].Amount);
    }

    private static LimitRule Leased(RateLimitAlgorithm algorithm, int limit, double window) => Window(limit, Ms(window), algorithm, RateLimitMode.Leased);
}
