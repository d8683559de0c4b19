using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using static OrleansLb.Core.Tests.RateLimiting.LimitRules;

namespace OrleansLb.Core.Tests.RateLimiting;

/// <summary>What happens to a limit when a front-end and the cluster lose sight of each other.</summary>
public sealed class SharedLimitTests
{
    private static readonly FrontendPresence[] Both = [new("a", TimeSpan.Zero, 2), new("b", TimeSpan.Zero, 2)];

    [Fact]
    public void Range_TwoTtlWithoutProof_SetsTheShareAside()
    {
        var range = Fresh(SharedBucket(100, 10));
        range.Observe(Both, Ms(0));
        range.Tick(Ms(2000));
        Assert.Equal(0, range.ReservedPart);
        range.Observe([Both[0], Both[1] with { SinceProven = Ms(2001) }], Ms(2001));
        Assert.Equal(0.5, range.ReservedPart);
        Assert.Equal(50, Admitted(range.Handle(Acquire(1, 100), Ms(2001))));
        Assert.Equal(5, Admitted(range.Handle(Acquire(2, 100), Ms(3001))));
    }

    [Fact]
    public void Range_MessagesArriveButProveNothing_SetsTheShareAside()
    {
        var range = Fresh(SharedBucket(100, 10));
        for (var seq = 1; seq <= 30; seq++)
            range.Handle(Acquire(seq) with { AckedSeq = 1 }, Ms(100 * seq));
        Assert.Equal(1, range.ReservedPart);
    }

    [Fact]
    public void Range_ReplyProvedToBeReceived_GivesTheShareBackWithoutARefill()
    {
        var range = Fresh(SharedBucket(100, 0.001));
        range.Observe(Both, Ms(0));
        range.Handle(Acquire(1, holder: "b"), Ms(0));
        range.Observe([Both[0]], Ms(10_000));
        Assert.Equal(0.5, range.ReservedPart);
        range.Handle(Acquire(2, holder: "b") with { AckedSeq = 0 }, Ms(10_001));
        Assert.Equal(0.5, range.ReservedPart);
        range.Handle(Acquire(3, holder: "b"), Ms(10_060));
        Assert.Equal(0, range.ReservedPart);
        Assert.Equal(48, Admitted(range.Handle(Acquire(1, 100), Ms(10_061))));
    }

    [Fact]
    public void Range_ShareGivenBack_WindowIsChargedWithIt()
    {
        var range = Fresh(Window(100, TimeSpan.FromSeconds(60)) with { WhenUnreachable = WhenUnreachable.Share });
        range.Observe(Both, Ms(0));
        range.Observe([Both[0]], Ms(10_000));
        Assert.Equal(50, Admitted(range.Handle(Acquire(1, 100), Ms(10_001))));
        range.Observe(Both, Ms(20_000));
        Assert.Equal(0, Admitted(range.Handle(Acquire(2, 100), Ms(20_001))));
        Assert.Equal(50, Admitted(range.Handle(Acquire(3, 100, key: RateLimitKey.Of("other")), Ms(20_001))));
    }

    [Fact]
    public void Range_FrontendLeft_SetsNothingAside()
    {
        var range = Fresh(SharedBucket(100, 10));
        range.Handle(Acquire(1) with { IsLeaving = true }, Ms(0));
        range.Tick(Ms(60_000));
        Assert.Equal(0, range.ReservedPart);
    }

    [Fact]
    public void Range_FrontendSaidGoodbye_SetsNothingAside()
    {
        var range = Fresh(SharedBucket(100, 10));
        range.Observe(Both, Ms(0));
        range.Tick(Ms(5000));
        Assert.Equal(1, range.ReservedPart);
        range.Observe([Both[0]], Ms(5001));
        range.Forget("b", Ms(5001));
        Assert.Equal(0, range.ReservedPart);
    }

    [Fact]
    public void Range_NewIncarnationCanBeHeard_KeepsTheShareAsideUntilItHasHeard()
    {
        var range = Fresh(SharedBucket(100, 10));
        range.Handle(Acquire(1), Ms(0));
        range.Tick(Ms(5000));
        Assert.Equal(1, range.ReservedPart);
        range.Handle(Acquire(1) with { Incarnation = 2, AckedSeq = 0 }, Ms(5100));
        range.Handle(Acquire(2) with { Incarnation = 2, AckedSeq = 0 }, Ms(5200));
        Assert.Equal(1, range.ReservedPart);
        range.Handle(Acquire(3) with { Incarnation = 2 }, Ms(5300));
        Assert.Equal(0, range.ReservedPart);
    }

    [Fact]
    public void Range_FrontendReliesOnALargerShareThanItWasToldLast_SetsThatAside()
    {
        var range = Fresh(SharedBucket(100, 10));
        var relying = new FrontendPresence("b", TimeSpan.Zero, 2);
        range.Observe([Both[0], relying, new("c", TimeSpan.Zero, 4), new("d", TimeSpan.Zero, 4)], Ms(0));
        range.Handle(Acquire(1, holder: "b"), Ms(10));
        range.Handle(Acquire(2, holder: "b"), Ms(20));
        range.Observe([Both[0] with { SinceProven = TimeSpan.Zero }, relying with { SinceProven = Ms(2995) }], Ms(3000));
        range.Forget("c", Ms(3000));
        range.Forget("d", Ms(3000));
        Assert.Equal(0.5, range.ReservedPart);
    }

    [Fact]
    public void Range_FirstMessageToANewActivation_DoesNotProveThatTheShareIsUnused()
    {
        var range = Fresh(SharedBucket(100, 10));
        range.Observe([Both[0] with { SinceProven = Ms(60_000) }, Both[1]], Ms(0));
        range.Handle(Acquire(5), Ms(100));
        Assert.Equal(0.5, range.ReservedPart);
    }

    [Fact]
    public void Range_ShareForIsOver_GivesTheShareBackAfterTheFrontendStopped()
    {
        var rule = SharedBucket(100, 10) with { ShareFor = TimeSpan.FromHours(1) };
        var range = Fresh(rule);
        range.Observe(Both, Ms(0));
        range.Tick(Ms(3000));
        var slow = 1 + (2 * LimitRule.ClockRateTolerance);
        for (var seconds = 10; seconds < 3700; seconds++)
        {
            range.Observe([Both[0] with { SinceProven = TimeSpan.Zero }], TimeSpan.FromSeconds(seconds));
            var serves = Reachability.Of(rule, TimeSpan.FromSeconds(seconds / slow), TimeSpan.Zero) == ReachabilityState.OnItsOwn;
            Assert.True(!serves || range.ReservedPart > 0, $"second {seconds}");
        }

        Assert.Equal(0, range.ReservedPart);
    }

    [Fact]
    public void Reachability_Silence_GoesThroughWaitingToItsOwnShareAndEnds()
    {
        var rule = Bucket(1, 1);
        Assert.Equal(ReachabilityState.Expired, Reachability.Of(rule, Ms(4000), before: null));
        Assert.Equal(ReachabilityState.Reachable, Reachability.Of(rule, Ms(2999), before: TimeSpan.Zero));
        Assert.Equal(ReachabilityState.Waiting, Reachability.Of(rule, Ms(3000), before: TimeSpan.Zero));
        Assert.Equal(ReachabilityState.OnItsOwn, Reachability.Of(rule, Ms(4000), before: TimeSpan.Zero));
        Assert.Equal(ReachabilityState.Expired, Reachability.Of(rule, Ms(4000) + TimeSpan.FromHours(24), before: TimeSpan.Zero));
    }

    [Fact]
    public void Reachability_ProcessStartedAlone_WaitsAnewAndEndsADayAfterTheLastReply()
    {
        var rule = Bucket(1, 1);
        var before = TimeSpan.FromHours(23);
        Assert.Equal(ReachabilityState.Reachable, Reachability.Of(rule, Ms(2999), before));
        Assert.Equal(ReachabilityState.Waiting, Reachability.Of(rule, Ms(3999), before));
        Assert.Equal(ReachabilityState.OnItsOwn, Reachability.Of(rule, Ms(4000), before));
        Assert.Equal(ReachabilityState.OnItsOwn, Reachability.Of(rule, TimeSpan.FromHours(1), before));
        Assert.Equal(ReachabilityState.Expired, Reachability.Of(rule, Ms(4000) + TimeSpan.FromHours(1), before));
    }

    [Fact]
    public void LocalShare_Started_ServesItsPartFromAnEmptyBucket()
    {
        var share = new LocalShare(Bucket(30, 30), 3, 10, Ms(0));
        Assert.False(share.TryAdmit(Key, 1, Ms(0), out var retryAfter));
        Assert.InRange(retryAfter, Ms(99), Ms(101));
        Assert.Equal(10, Enumerable.Range(0, 30).Count(_ => share.TryAdmit(Key, 1, Ms(5000), out var _)));
    }

    private static LimitRule SharedBucket(double burst, double rate) => Bucket(burst, rate) with { WhenUnreachable = WhenUnreachable.Share };
}
