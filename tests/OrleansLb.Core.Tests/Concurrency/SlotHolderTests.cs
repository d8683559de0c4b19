using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Concurrency;

public sealed class SlotHolderTests
{
    private readonly SlotExchange _pool = new();

    [Fact]
    public void Lapse_NoAnswerForALease_NobodyEntersByIt()
    {
        _pool.Exchange("a", waiting: 10);
        var deadline = _pool.Now + SlotLease.HolderTime;

        Assert.False(_pool.Holder("a").HasLapsed(deadline - TimeSpan.FromTicks(1)));
        Assert.True(_pool.Holder("a").HasLapsed(deadline));
        _pool.Holder("a").Lapse(deadline);

        Assert.Equal(0, _pool.Enter("a", 10));
        Assert.True(_pool.Holder("a").IsAlone);
    }

    [Fact]
    public void Lapse_LeaseCountsFromWhenTheReportWasSent()
    {
        var holder = _pool.Holder("a");
        var answer = _pool.Arbiter.Handle(holder.Begin([1], false, _pool.Now), _ => 10, _pool.Now)!;

        holder.TryAccept(answer, _pool.Now + TimeSpan.FromSeconds(4));

        Assert.True(holder.HasLapsed(_pool.Now + SlotLease.HolderTime));
    }

    [Fact]
    public void Configure_LeaseEndedWhileThereWasNoLimit_WaitsForAnAnswerAgain()
    {
        var holder = _pool.Holder("a");
        holder.Lapse(_pool.Now + SlotLease.FirstAnswerTime);
        Assert.True(holder.IsAlone);

        var later = _pool.Now + TimeSpan.FromMinutes(1);
        Configure(null);
        Assert.False(holder.HasLapsed(later));
        _pool.Now = later;
        Configure(10);

        Assert.False(holder.IsAlone);
        Assert.Equal((SlotNews.First, later), (holder.News, holder.SentAt));
        Assert.False(holder.HasLapsed(later + SlotLease.FirstAnswerTime - TimeSpan.FromTicks(1)));
        Assert.True(holder.HasLapsed(later + SlotLease.FirstAnswerTime));
    }

    [Fact]
    public void TryAccept_AfterItsLeaseEnded_ChangesNothing()
    {
        var holder = _pool.Holder("a");
        var answer = _pool.Arbiter.Handle(holder.Begin([1], false, _pool.Now), _ => 10, _pool.Now)!;

        Assert.False(holder.TryAccept(answer, _pool.Now + SlotLease.HolderTime));
        Assert.Equal(0, _pool.Enter("a", 1));
    }

    [Fact]
    public void TryAccept_AnswerToAnEarlierReport_ChangesNothing()
    {
        var holder = _pool.Holder("a");
        var answer = _pool.Arbiter.Handle(holder.Begin([1], false, _pool.Now), _ => 10, _pool.Now)!;
        holder.Begin([1], false, _pool.Now);

        Assert.False(holder.TryAccept(answer, _pool.Now));
        Assert.Equal(0, _pool.Enter("a", 1));
    }

    [Theory]
    [InlineData(WhenUnreachable.Share, 10, 4, 2)]
    [InlineData(WhenUnreachable.Share, 3, 4, 1)]
    [InlineData(WhenUnreachable.Deny, 10, 4, 0)]
    [InlineData(WhenUnreachable.Allow, 10, 4, 50)]
    public void Lapse_ClusterLost_GoesOnAsThePoolSays(WhenUnreachable choice, int limit, int frontends, int expected)
    {
        var pool = new SlotExchange { Limit = limit, WhenUnreachable = choice };
        for (var i = 0; i < frontends; i++)
            pool.Exchange($"f{i}");
        pool.Exchange("f0");

        pool.Holder("f0").Lapse(pool.Now + SlotLease.HolderTime);

        Assert.Equal(expected, pool.Enter("f0", 50));
    }

    [Fact]
    public void Lapse_NeverAnswered_HasTheWholeLimitAfterThreeSeconds()
    {
        var pool = new SlotExchange { WhenUnreachable = WhenUnreachable.Share };
        Assert.Equal(0, pool.Enter("a", 1));

        pool.Holder("a").Lapse(pool.Now + SlotLease.FirstAnswerTime);

        Assert.Equal(10, pool.Enter("a", 50));
    }

    [Fact]
    public void Lapse_LimitThatAdaptsWasTold_GoesOnWithItsPartOfThat()
    {
        var pool = new SlotExchange { Limit = 1000, WhenUnreachable = WhenUnreachable.Share };
        pool.Exchange("b");
        var holder = pool.Holder("a");
        var answer = pool.Arbiter.Handle(holder.Begin([1], false, pool.Now), _ => 12, pool.Now)!;
        holder.TryAccept(answer with { Grants = [answer.Grants[0] with { Limit = 12 }] }, pool.Now);

        holder.Lapse(pool.Now + SlotLease.HolderTime);

        Assert.Equal(6, pool.Enter("a", 50));
    }

    [Fact]
    public void Exchange_AfterBeingAlone_WhatRunsIsReportedAndNotHeld()
    {
        var pool = new SlotExchange { WhenUnreachable = WhenUnreachable.Share };
        pool.Exchange("a");
        pool.Now += SlotLease.Ttl;
        pool.Holder("a").Lapse(pool.Now);
        pool.Enter("a", 10);
        pool.Exchange("b", waiting: 4);
        pool.Enter("b", 4);

        var report = pool.Holder("a").Begin([0], false, pool.Now);

        Assert.Equal((0, 10), (report.Claims[0].Held, report.Claims[0].InUse));
        pool.Holder("a").TryAccept(pool.Arbiter.Handle(report, _ => 10, pool.Now)!, pool.Now);
        // Three are left of what the other front-end has.
        pool.Leave("a", 7);
        Assert.Equal(0, pool.Enter("a", 10));
        pool.Leave("a", 1);
        Assert.Equal(1, pool.Enter("a", 10));
    }

    [Fact]
    public void Configure_BackendGone_NobodyEntersThereAndOthersKeepTheirs()
    {
        _pool.Exchange("a", waiting: 4);
        var gate = new SlotGate();

        _pool.Holder("a").Configure(WhenUnreachable.Share, [new(BackendKey.Of("app", "b", 1), gate, 10)], _pool.Now);

        Assert.Equal(0, _pool.Enter("a", 1));
        Assert.False(gate.TryEnter(out _));
    }

    [Fact]
    public void Configure_NoLimit_EverybodyEntersAndNothingIsReported()
    {
        Configure(null);

        Assert.False(_pool.Holder("a").IsLimited);
        Assert.Equal(100, _pool.Enter("a", 100));
        Assert.Empty(_pool.Holder("a").Begin([5], false, _pool.Now).Claims);
        Assert.Equal(default, _pool.Holder("a").Activity());
        _pool.Holder("a").Lapse(_pool.Now + SlotLease.FirstAnswerTime);
        Assert.False(_pool.Holder("a").IsAlone);
        Assert.True(_pool.Gate("a").IsOpen);
    }

    [Fact]
    public void Configure_LimitWhileRequestsRun_TheyCountAndNobodyEntersUntilTheyAreFewer()
    {
        Configure(null);
        _pool.Enter("a", 5);

        Configure(2);
        _pool.Limit = 2;
        Assert.Equal(0, _pool.Enter("a", 1));
        Assert.Equal((0, 5), _pool.Holder("a").Begin([0], false, _pool.Now).Claims is [var claim] ? (claim.Held, claim.InUse) : default);

        _pool.Exchange("a", waiting: 1);
        _pool.Exchange("b", waiting: 1);
        Assert.Equal(0, _pool.Enter("b", 1));
        _pool.Leave("a", 3);
        Assert.Equal(0, _pool.Enter("a", 1));
        _pool.Leave("a", 2);
        _pool.Exchange("a", waiting: 1);
        _pool.Exchange("a", waiting: 1);
        _pool.Exchange("b", waiting: 1);
        Assert.Equal(1, _pool.Enter("b", 5));
        Assert.Equal(1, _pool.Enter("a", 5));
    }

    [Fact]
    public void Configure_LowerLimit_IsKeptBeforeThePoolAnswersAndToldAtOnce()
    {
        _pool.Exchange("a");
        _pool.Exchange("a", waiting: 8);
        Assert.Equal(SlotNews.None, _pool.Holder("a").News);

        Configure(3);

        Assert.Equal(3, _pool.Gate("a").Allowed);
        Assert.Equal(SlotNews.First, _pool.Holder("a").News);
        Assert.Equal(3, _pool.Holder("a").Begin([0], false, _pool.Now).Claims[0].Held);
    }

    [Fact]
    public void Configure_HigherLimit_GivesNothingBeforeThePoolDoes()
    {
        _pool.Exchange("a", waiting: 10);

        Configure(20);
        Assert.Equal((10, SlotNews.First), (_pool.Gate("a").Allowed, _pool.Holder("a").News));
        _pool.Limit = 20;
        _pool.Exchange("a", waiting: 20);

        Assert.Equal(20, _pool.Enter("a", 50));
    }

    [Fact]
    public void Configure_LimitWhileAlone_IsShared()
    {
        var pool = new SlotExchange { WhenUnreachable = WhenUnreachable.Share };
        pool.Exchange("b");
        pool.Exchange("a");
        pool.Now += SlotLease.Ttl;
        pool.Holder("a").Lapse(pool.Now);

        pool.Holder("a").Configure(WhenUnreachable.Share, [new(SlotExchange.Backend, pool.Gate("a"), 4)], pool.Now);

        Assert.Equal(2, pool.Enter("a", 10));
    }

    [Fact]
    public void GoAlone_LimitHeardOfWithoutTheCluster_IsNotWaitedWith()
    {
        var pool = new SlotExchange { WhenUnreachable = WhenUnreachable.Share };
        pool.Holder("a").GoAlone();

        Assert.True(pool.Holder("a").IsAlone);
        Assert.Equal(10, pool.Enter("a", 50));
    }

    [Fact]
    public void Interval_WantedSlots_AreAskedForAtOnceUnlessThereAreNone()
    {
        var quiet = new SlotActivity(0, 0, 0, false);

        Assert.Equal(SlotPace.Shortest, SlotPace.Interval(SlotNews.None, quiet, waiting: 1));
        Assert.Equal(SlotPace.Waiting, SlotPace.Interval(SlotNews.Scarce, quiet, waiting: 1));
        Assert.Equal(SlotPace.Shortest, SlotPace.Interval(SlotNews.Scarce, quiet with { Returnable = 1 }, waiting: 0));
        Assert.Equal(SlotPace.Shortest, SlotPace.Interval(SlotNews.None, quiet with { Held = 2, InUse = 1, IsLow = true }, waiting: 0));
        Assert.Equal(SlotPace.Shortest, SlotPace.Interval(SlotNews.NewEpoch, quiet, waiting: 0));
        Assert.Equal(SlotPace.Busy, SlotPace.Interval(SlotNews.None, quiet with { Held = 2, InUse = 1 }, waiting: 0));
        Assert.Equal(SlotPace.Holding, SlotPace.Interval(SlotNews.None, quiet with { Held = 2 }, waiting: 0));
        Assert.Equal(SlotPace.Idle, SlotPace.Interval(SlotNews.None, quiet, waiting: 0));
        Assert.Equal(SlotPace.Retry, SlotPace.Interval(SlotNews.Failed, quiet, waiting: 1));
    }

    private void Configure(int? limit) => _pool.Holder("a").Configure(WhenUnreachable.Deny, [new(SlotExchange.Backend, _pool.Gate("a"), limit)], _pool.Now);
}
