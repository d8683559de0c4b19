using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using static OrleansLb.Core.Tests.RateLimiting.LimitRules;

namespace OrleansLb.Core.Tests.RateLimiting;

public sealed class LeaseHolderTests
{
    private static readonly LimitRule Rule = Bucket(2_000_000, 1000);

    [Fact]
    public void TryAdmit_LeaseHeld_SpendsExactlyItsTokens()
    {
        var holder = Holding(10, Ms(0));
        Assert.Equal(10, Enumerable.Range(0, 20).Count(_ => holder.TryAdmit(Ms(1), 1)));
    }

    [Fact]
    public void TryAdmit_DeadlineOfSendingPassed_Refuses()
    {
        var holder = Holding(10, sentAt: Ms(100));
        Assert.True(holder.TryAdmit(Ms(1089), 1));
        Assert.False(holder.TryAdmit(Ms(1090), 1));
    }

    [Fact]
    public void TryAdmit_CostNeedsTwoLeases_TakesFromBoth()
    {
        var holder = Holding(3, Ms(0));
        Grant(holder, 4, Ms(0));
        Assert.False(holder.TryAdmit(Ms(1), 8));
        Assert.True(holder.TryAdmit(Ms(1), 7));
        Assert.False(holder.TryAdmit(Ms(1), 1));
    }

    [Fact]
    public void TryAdmit_LeaseOfAWindow_IsOverBeforeTheWindow()
    {
        var holder = new LeaseHolder(Window(100, Ms(2000), RateLimitAlgorithm.FixedWindow, RateLimitMode.Leased), Key);
        holder.Apply(new LeaseGrant(Key, 7, 10, 1, default) { Length = Ms(300) }, 1, sentAt: Ms(100), now: Ms(150));
        Assert.True(holder.TryAdmit(Ms(394), 1));
        Assert.False(holder.TryAdmit(Ms(395), 1));
    }

    [Fact]
    public void TryAdmit_LeaseOfTurns_WaitsForTheNextOfThemAndSkipsThosePassed()
    {
        var holder = new LeaseHolder(Queue(50, 99, RateLimitMode.Leased), Key);
        holder.Apply(Turns(0, 40, 80, 120), 1, sentAt: Ms(90), now: Ms(100));

        Assert.True(holder.TryAdmit(Ms(100), 1, out var first));
        Assert.True(holder.TryAdmit(Ms(150), 1, out var third));
        Assert.Equal((Ms(0), Ms(30)), (first, third));
        Assert.Equal(1, holder.Left(Ms(160)));
        Assert.True(holder.TryAdmit(Ms(160), 1, out var last));
        Assert.Equal(Ms(60), last);
        Assert.False(holder.TryAdmit(Ms(160), 1, out _));
    }

    [Fact]
    public void Renew_TurnsPassedUnused_AreReportedAsSpentAndNoneGoesBack()
    {
        var holder = new LeaseHolder(Queue(50, 99, RateLimitMode.Leased), Key);
        holder.Apply(Turns(0, 40, 800), 1, sentAt: Ms(100), now: Ms(100));
        Assert.Equal(new GrantReport(1, 7, 2, 0), holder.Renew(Ms(700), Ms(1))!.Value.Reports[0]);
    }

    [Fact]
    public void TryAdmit_TurnsAndCostAboveOne_AsksTheRange()
    {
        var holder = new LeaseHolder(Queue(50, 99, RateLimitMode.Leased), Key);
        holder.Apply(Turns(0, 40, 80), 1, sentAt: Ms(0), now: Ms(0));
        Assert.False(holder.TryAdmit(Ms(0), 2, out _));
    }

    [Fact]
    public void Renew_LeaseOfALog_SaysHowLongAgoItWasSpentAndNeverLongerThanItWas()
    {
        var holder = new LeaseHolder(Window(100, Ms(2000), RateLimitAlgorithm.SlidingWindowLog, RateLimitMode.Leased), Key);
        holder.Apply(new LeaseGrant(Key, 7, 10, 1, default) { Length = Ms(1000) }, 1, sentAt: Ms(0), now: Ms(1));
        holder.TryAdmit(Ms(10), 1);
        holder.TryAdmit(Ms(30), 1);
        holder.TryAdmit(Ms(20), 1);
        Assert.InRange(holder.Renew(Ms(100), Ms(1))!.Value.Reports[0].SpentAge, Ms(69), Ms(70));
    }

    [Theory]
    [InlineData(RateLimitAlgorithm.TokenBucket)]
    [InlineData(RateLimitAlgorithm.SlidingWindowLog)]
    [InlineData(RateLimitAlgorithm.LeakyBucket)]
    public void TryAdmit_AnyOutcome_AllocatesNothing(RateLimitAlgorithm algorithm)
    {
        var holder = new LeaseHolder(Rule with { Algorithm = algorithm }, Key);
        var turns = algorithm == RateLimitAlgorithm.LeakyBucket ? Enumerable.Range(1, 1000).Select(static turn => Ms(turn)).ToArray() : [];
        holder.Apply(new LeaseGrant(Key, 7, 1000, 1, default) { Turns = turns }, 1, Ms(0), Ms(0));
        Spend(holder, 3);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Spend(holder, 2000);
        // Less than a byte a call: the runtime itself may allocate once, when it compiles the loop anew.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_999);

        static void Spend(LeaseHolder holder, int times)
        {
            for (var time = 0; time < times; time++)
            {
                holder.TryAdmit(Ms(1), 1 + (time & 1), out _);
                holder.NeedsRenewal(Ms(1));
            }
        }
    }

    [Fact]
    public void Renew_HalfSpent_IsDueAndReportsTheSpending()
    {
        var holder = Holding(10, Ms(0));
        for (var time = 0; time < 5; time++)
            holder.TryAdmit(Ms(1), 1);
        Assert.False(holder.NeedsRenewal(Ms(1)));
        holder.TryAdmit(Ms(1), 1);
        Assert.True(holder.NeedsRenewal(Ms(1)));
        Assert.Equal(new GrantReport(1, 7, 6, 0), holder.Renew(Ms(1), Ms(1))!.Value.Reports[0]);
    }

    [Fact]
    public void Renew_HalfTheTtlGone_GivesBackWhatIsNotNeededBeforeItIsSent()
    {
        var holder = Holding(10, Ms(0));
        holder.TryAdmit(Ms(1), 1);
        Assert.False(holder.NeedsRenewal(Ms(499)));
        Assert.True(holder.NeedsRenewal(Ms(500)));
        var report = holder.Renew(Ms(500), Ms(1))!.Value.Reports[0];
        Assert.True(report.Returned > 0);
        Assert.Equal(1, report.Spent);
        var left = Enumerable.Range(0, 20).Count(_ => holder.TryAdmit(Ms(501), 1));
        Assert.Equal(10, report.Spent + report.Returned + left);
    }

    [Fact]
    public void Renew_ReplyLost_RepeatsTheSameTotals()
    {
        var holder = Holding(10, Ms(0));
        holder.TryAdmit(Ms(1), 1);
        var first = holder.Renew(Ms(600), Ms(1))!.Value.Reports[0];
        var second = holder.Renew(Ms(620), Ms(1))!.Value.Reports[0];
        Assert.Equal(first.Spent, second.Spent);
        Assert.True(second.Returned >= first.Returned);
    }

    [Fact]
    public void Renew_LeaseExpired_ForgetsIt()
    {
        var holder = Holding(10, Ms(0));
        Assert.Null(holder.Renew(Ms(2000), Ms(1)));
        Assert.True(holder.IsEmpty(Ms(2000)));
    }

    [Fact]
    public void Renew_AutoAndIdleKey_AsksForNoLease()
    {
        var holder = new LeaseHolder(Bucket(1000, 1000, RateLimitMode.Auto), Key);
        holder.Renew(Ms(0), Ms(1));
        holder.TryAdmit(Ms(1000), 1);
        Assert.Null(holder.Renew(Ms(2000), Ms(1)));
    }

    [Fact]
    public void Renew_AutoAndBusyKey_AsksForHalfATtlOfDemand()
    {
        var holder = new LeaseHolder(Bucket(1000, 1000, RateLimitMode.Auto), Key);
        holder.Renew(Ms(0), Ms(1));
        for (var time = 0; time < 1000; time++)
            holder.TryAdmit(Ms(time), 1);
        var want = holder.Renew(Ms(1000), Ms(1))!.Value.Want;
        Assert.InRange(want, 400, 500);
    }

    [Theory]
    [InlineData(100, 1, 100, 1, true)]
    [InlineData(7, 2, 100, 1, false)]
    [InlineData(100, 1, 3, 1, false)]
    [InlineData(100, 1, 1000, 26, false)]
    public void LeaseChoice_Pays_OnlyForEnoughTokensDemandAndTime(int burst, int holders, double demand, double roundTripMs, bool pays) =>
        Assert.Equal(pays, LeaseChoice.Pays(Bucket(burst, 1, RateLimitMode.Auto), holders, demand, Ms(roundTripMs)));

    [Theory]
    [InlineData(RateLimitAlgorithm.FixedWindow, 100, 1000, 200, true)]
    [InlineData(RateLimitAlgorithm.FixedWindow, 3, 1000, 200, false)]
    [InlineData(RateLimitAlgorithm.SlidingWindowCounter, 100, 1000, 3, false)]
    [InlineData(RateLimitAlgorithm.SlidingWindowLog, 1000, 60, 200, false)]
    public void LeaseChoice_PaysInAWindow_OnlyForEnoughPermitsDemandAndTime(RateLimitAlgorithm algorithm, int limit, double window, double demand, bool pays) =>
        Assert.Equal(pays, LeaseChoice.Pays(Window(limit, Ms(window), algorithm, RateLimitMode.Auto), 1, demand, Ms(1)));

    [Theory]
    [InlineData(99, 100, true)]
    [InlineData(99, 20, false)]
    [InlineData(4, 100, false)]
    [InlineData(9, 100, true)]
    public void LeaseChoice_PaysForTurns_OnlyWithAQueueAndNoLessDemandThanTurns(int queue, double demand, bool pays) =>
        Assert.Equal(pays, LeaseChoice.Pays(Queue(100, queue, RateLimitMode.Auto), 2, demand, Ms(1)));

    [Fact]
    public async Task SpendingFromManyThreads_WhileLeasesAreCountedAndReplaced_NoTokenIsSpentTwice()
    {
        var holder = new LeaseHolder(Rule, Key);
        var spent = 0L;
        var stop = 0;
        var spenders = Enumerable.Range(0, 3).Select(index => Task.Run(
            () =>
            {
                while (Volatile.Read(ref stop) == 0)
                {
                    if (holder.TryAdmit(Ms(1), 1 + index))
                        Interlocked.Add(ref spent, 1 + index);
                }
            },
            TestContext.Current.CancellationToken)).ToArray();

        var accounts = new Dictionary<long, GrantReport>();
        for (var id = 1L; id <= 5000 || Interlocked.Read(ref spent) < 1000; id++)
        {
            var renewal = Account(holder, accounts);
            holder.Apply(new LeaseGrant(Key, id, renewal?.Want > 0 ? 5 : 0, 1, default), 1, Ms(0), Ms(0));
        }

        Volatile.Write(ref stop, 1);
        await Task.WhenAll(spenders);
        Account(holder, accounts);
        Assert.All(accounts.Values, account => Assert.InRange(account.Spent + account.Returned, 0, 5));
        Assert.True(spent <= accounts.Values.Sum(account => (long)account.Spent), $"{spent} spent, fewer reported");
    }

    // Past half of the ttl, so that tokens are withdrawn while they are being spent.
    private static LeaseRenewal? Account(LeaseHolder holder, Dictionary<long, GrantReport> accounts)
    {
        var renewal = holder.Renew(Ms(600), Ms(1));
        foreach (var report in renewal?.Reports ?? [])
            accounts[report.GrantId] = report;
        return renewal;
    }

    private static LeaseGrant Turns(params double[] milliseconds) =>
        new(Key, 7, milliseconds.Length, 1, default) { Turns = Array.ConvertAll(milliseconds, Ms) };

    private static LeaseHolder Holding(int amount, TimeSpan sentAt)
    {
        var holder = new LeaseHolder(Rule, Key);
        Grant(holder, amount, sentAt);
        return holder;
    }

    private static void Grant(LeaseHolder holder, int amount, TimeSpan sentAt) =>
        holder.Apply(new LeaseGrant(Key, 7, amount, 1, default), 1, sentAt, sentAt);
}
