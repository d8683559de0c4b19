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
        var answer = _pool.Arbiter.Handle(holder.Begin([1], false, _pool.Now), 10, _pool.Now)!;

        holder.TryAccept(answer, _pool.Now + TimeSpan.FromSeconds(4));

        Assert.True(holder.HasLapsed(_pool.Now + SlotLease.HolderTime));
    }

    [Fact]
    public void Restart_LeaseEndedWhileThereWasNoLimit_WaitsForAnAnswerAgain()
    {
        var holder = _pool.Holder("a");
        holder.Lapse(_pool.Now + SlotLease.FirstAnswerTime);
        Assert.True(holder.IsAlone);

        var later = _pool.Now + TimeSpan.FromMinutes(1);
        holder.Restart(later);

        Assert.False(holder.IsAlone);
        Assert.Equal((SlotNews.First, later), (holder.News, holder.SentAt));
        Assert.False(holder.HasLapsed(later + SlotLease.FirstAnswerTime - TimeSpan.FromTicks(1)));
        Assert.True(holder.HasLapsed(later + SlotLease.FirstAnswerTime));
    }

    [Fact]
    public void TryAccept_AfterItsLeaseEnded_ChangesNothing()
    {
        var holder = _pool.Holder("a");
        var answer = _pool.Arbiter.Handle(holder.Begin([1], false, _pool.Now), 10, _pool.Now)!;

        Assert.False(holder.TryAccept(answer, _pool.Now + SlotLease.HolderTime));
        Assert.Equal(0, _pool.Enter("a", 1));
    }

    [Fact]
    public void TryAccept_AnswerToAnEarlierReport_ChangesNothing()
    {
        var holder = _pool.Holder("a");
        var answer = _pool.Arbiter.Handle(holder.Begin([1], false, _pool.Now), 10, _pool.Now)!;
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
        pool.Holder("a").TryAccept(pool.Arbiter.Handle(report, 10, pool.Now)!, pool.Now);
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

        _pool.Holder("a").Configure(new ConcurrencyDefinition { MaxRequestsPerBackend = 10 }, [(BackendKey.Of("app", "b", 1), gate)]);

        Assert.Equal(0, _pool.Enter("a", 1));
        Assert.False(gate.TryEnter(out _));
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
}
