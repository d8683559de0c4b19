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
    public void TryAdmit_AnyOutcome_AllocatesNothing()
    {
        var holder = Holding(1000, Ms(0));
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

    private static LeaseHolder Holding(int amount, TimeSpan sentAt)
    {
        var holder = new LeaseHolder(Rule, Key);
        Grant(holder, amount, sentAt);
        return holder;
    }

    private static void Grant(LeaseHolder holder, int amount, TimeSpan sentAt) =>
        holder.Apply(new LeaseGrant(Key, 7, amount, 1, default), 1, sentAt, sentAt);
}
