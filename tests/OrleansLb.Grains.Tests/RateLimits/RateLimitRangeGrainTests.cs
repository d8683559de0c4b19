using System.Diagnostics;
using Orleans.TestingHost;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.RateLimits;

public sealed class RateLimitRangeGrainTests
{
    [Fact]
    public async Task Exchange_NothingEverUsed_AdmitsTheWholeBurst()
    {
        await using var cluster = await Start(tokenLimit: 10);

        Assert.Equal(10, await cluster.AdmittedByAFreshRange(count: 15));
        Assert.Equal(10, await cluster.AdmittedByAFreshRange(count: 15));
    }

    [Fact]
    public async Task Exchange_PolicyUnknown_AnswersNull()
    {
        await using var cluster = await Start(tokenLimit: 10);

        Assert.Null(await cluster.Client.GetGrain<IRateLimitRangeGrain>(IRateLimitRangeGrain.KeyOf("other", 1)).Exchange(cluster.Request(1)));
    }

    [Fact]
    public async Task Exchange_FrontendNotRegistered_AnswersNull()
    {
        await using var cluster = await Start(tokenLimit: 10);

        Assert.Null(await cluster.Range(1).Exchange(cluster.Request(1) with { FrontendId = "stranger" }));
    }

    [Fact]
    public async Task Exchange_PolicyChanged_FollowsTheNewNumbersAndKeepsTheCounts()
    {
        await using var cluster = await Start(tokenLimit: 10);
        Assert.Equal(4, await cluster.Admitted(range: 1, count: 4));

        var version = await cluster.Client.Apply(RangeCluster.TokenBucket(tokenLimit: 5));
        await cluster.View.Reaches(version);

        Assert.Equal(5, await cluster.Admitted(range: 1, count: 10));
        Assert.Equal(5, await cluster.Admitted(range: 2, count: 10));
    }

    [Fact]
    public async Task Exchange_FrontendRemembersTheRange_ContinuesFromThere()
    {
        await using var cluster = await Start(tokenLimit: 10, observer: new Remembering(new LimitWitness(5, 1, 3, 0, 0, 0, TimeSpan.Zero)));

        var reply = await cluster.Ask(range: 1, count: 10);

        Assert.Equal(3, reply.Decisions.Count(decision => decision.Admitted));
        Assert.True(reply.Decisions.All(decision => decision.Witness.Epoch > 5));
    }

    [Fact]
    public async Task Exchange_FrontendTakesNewerRepliesOnly_RangeBeginsAnewFromWhatItRemembers()
    {
        await using var cluster = await Start(tokenLimit: 10, observer: new Remembering(new LimitWitness(5, 1, 3, 0, 0, 0, TimeSpan.Zero)));
        var before = await cluster.Ask(range: 1, count: 2);

        var after = await cluster.Decide(range: 1, count: 10, cluster.Request(10) with { LeastEpoch = before.Epoch + 1_000_000 });

        Assert.True(after.Epoch >= before.Epoch + 1_000_000);
        Assert.Equal(3, after.Decisions.Count(static decision => decision.Admitted));
        Assert.Equal(after.Epoch, (await cluster.Decide(range: 1, count: 0)).Epoch);
    }

    [Fact]
    public async Task Exchange_FrontendRemembersAQueue_TheNextTurnComesAfterIt()
    {
        var witness = new LimitWitness(5, 1, 0, 0, 0, 0, TimeSpan.Zero) { Backlog = TimeSpan.FromSeconds(30) };
        await using var cluster = await RangeCluster.Start(
            TestConfigurations.OnePool("http://10.0.0.1/").With(
                ($"OrleansLb:RateLimiting:Policies:{RangeCluster.Policy}:Algorithm", "LeakyBucket"),
                ($"OrleansLb:RateLimiting:Policies:{RangeCluster.Policy}:PermitLimit", "1"),
                ($"OrleansLb:RateLimiting:Policies:{RangeCluster.Policy}:Window", "00:00:10"),
                ($"OrleansLb:RateLimiting:Policies:{RangeCluster.Policy}:QueueLimit", "5")),
            silos: 1,
            new Remembering(witness));

        var delays = (await cluster.Ask(range: 1, count: 2)).Decisions.Select(static decision => decision.Delay).ToArray();

        // A queue is taken for a little longer than it is said to be.
        Assert.InRange(delays[0], TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30.1));
        Assert.Equal(TimeSpan.FromSeconds(10), delays[1] - delays[0]);
    }

    [Fact]
    public async Task Exchange_FrontendAnswersTheSecondTime_AdmitsTheWholeBurst()
    {
        await using var cluster = await Start(tokenLimit: 10, observer: new SlowAtFirst());

        Assert.Equal(10, await cluster.AdmittedByAFreshRange(count: 15));
    }

    [Fact]
    public async Task Exchange_RangeTakesLongToStart_ChargesNobodyWhoMayHaveGivenUp()
    {
        await using var cluster = await Start(tokenLimit: 10, observer: new LateAtFirst());

        Assert.Null(await AnswerInTime(cluster.Range(1), cluster.Request(10)));
        Assert.Equal(10, (await cluster.Decide(range: 1, count: 10)).Decisions.Count(static decision => decision.Admitted));
    }

    [Fact]
    public async Task Exchange_FrontendDoesNotSayWhatItRemembers_StartsEmpty()
    {
        await using var cluster = await Start(tokenLimit: 10, observer: new Silent());

        Assert.Equal(0, await cluster.Admitted(range: 1, count: 10));
    }

    [Fact]
    public async Task Exchange_FrontendDepartedWithWhatItRemembered_StartsEmpty()
    {
        await using var cluster = await Start(tokenLimit: 10);
        await cluster.Frontend.Leave();
        await cluster.Register(new SilentFrontend());

        Assert.Equal(0, await cluster.Admitted(range: 1, count: 10));
    }

    [Fact]
    public async Task Exchange_AnotherFrontendSaidGoodbye_ItsShareIsNotSetAside()
    {
        await using var cluster = await Start(tokenLimit: 10);
        await using var other = await BeatingFrontend.Start(cluster.Client, "other", new SilentFrontend());
        await cluster.Decide(range: 1, count: 0, new LimitRequest { FrontendId = "other", Incarnation = 1, Seq = 1 });
        await other.Leave();

        // Longer than a range takes to set a silent front-end's share aside.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        for (var silence = Stopwatch.StartNew(); silence.Elapsed < TimeSpan.FromSeconds(4);)
        {
            await cluster.Ask(range: 1, count: 0);
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(10, await cluster.Admitted(range: 1, count: 15));
    }

    [Fact]
    public async Task Exchange_AnotherFrontendVanished_ItsShareIsSetAsideUntilItIsForgotten()
    {
        await using var cluster = await RangeCluster.Start(RangeCluster.TokenBucket(tokenLimit: 10, tokensPerPeriod: 1000), silos: 1, observer: null);
        var directory = cluster.Client.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key);
        await using (await BeatingFrontend.Start(cluster.Client, "other", new SilentFrontend()))
        {
            await cluster.Decide(range: 1, count: 0, new LimitRequest { FrontendId = "other", Incarnation = 1, Seq = 1 });
            await IsToldItsHalf(directory, "other");
        }

        await AdmitsInASecond(cluster, 5);

        var outcome = await directory.Forget("other");

        Assert.Equal(ForgetOutcome.Forgotten, outcome);
        await AdmitsInASecond(cluster, 10);
    }

    /// <summary>The first answers may come from a copy of the directory that does not know both yet.</summary>
    private static async Task IsToldItsHalf(IFrontendDirectoryGrain directory, string frontendId)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var patience = Stopwatch.StartNew(); (await directory.List()).Entries.Single(entry => entry.FrontendId == frontendId).ShareParts != 2;)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30), "It was never told that there are two.");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until a range admits a number after a second in which its bucket could fill.</summary>
    private static async Task AdmitsInASecond(RangeCluster cluster, int count)
    {
        var admitted = -1;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.2));
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(60) && admitted != count;)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            admitted = await cluster.Admitted(range: 1, count: 15);
        }

        Assert.Equal(count, admitted);
    }

    [Fact]
    public async Task Exchange_SiloKilled_NoRangeAdmitsMoreThanItsLimit()
    {
        var observer = new Forgetting();
        await using var cluster = await Start(tokenLimit: 10, silos: 2, observer);
        var time = Stopwatch.StartNew();
        var admitted = new int[16];
        for (var range = 0; range < admitted.Length; range++)
            admitted[range] = await cluster.Admitted(range, count: 8);

        observer.HasForgotten = true;
        await cluster.Cluster.KillSiloAsync(cluster.Cluster.Silos[1], TestContext.Current.CancellationToken);

        for (var range = 0; range < admitted.Length; range++)
            admitted[range] += await cluster.Admitted(range, count: 8);
        var most = 10 + (RangeCluster.TokensPerSecond * time.Elapsed.TotalSeconds);
        Assert.All(admitted, each => Assert.InRange(each, 8, most));
    }

    // A range that knows too little begins empty.
    [Fact]
    public async Task Exchange_SiloOfTheRangeAndOfTheDirectoryKilled_NextRangeKnowsThatNobodyIsMissing()
    {
        await using var cluster = await RangeCluster.Start(RangeCluster.TokenBucket(tokenLimit: 10, tokensPerPeriod: 1000), silos: 2, observer: null);
        var directory = cluster.Client.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key);
        await KnowsFor(directory, TimeSpan.FromSeconds(3));
        var range = await RangeAt(cluster, await cluster.Cluster.HostOf(directory, TestContext.Current.CancellationToken));

        await cluster.Cluster.KillHostOf(directory, TestContext.Current.CancellationToken);

        Assert.Equal(10, await cluster.Admitted(range, count: 15));
    }

    private static async Task<int> RangeAt(RangeCluster cluster, InProcessSiloHandle silo)
    {
        for (var range = 0; ; range++)
        {
            await cluster.Decide(range, 0);
            var grain = cluster.Range(range);
            if (await cluster.Cluster.HostOf(grain, TestContext.Current.CancellationToken) == silo)
                return range;
        }
    }

    private static async Task KnowsFor(IFrontendDirectoryGrain directory, TimeSpan time)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await directory.List() is var list && (list.KnownFor < time || !list.IsKnownEverywhere))
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<LimitReply?> AnswerInTime(IRateLimitRangeGrain range, LimitRequest request)
    {
        try
        {
            return await range.Exchange(request);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static Task<RangeCluster> Start(int tokenLimit, int silos = 1, IFrontendObserver? observer = null) =>
        RangeCluster.Start(RangeCluster.TokenBucket(tokenLimit), silos, observer);

    private sealed class Remembering(LimitWitness witness) : SilentFrontend
    {
        public override Task<LimitRangeReport> ReportRange(string policy, int range, long epoch) =>
            Task.FromResult(new LimitRangeReport(true, witness.Epoch, [new LimitKeyReport(1, 2, witness, TimeSpan.Zero)]));
    }

    private sealed class Forgetting : SilentFrontend
    {
        public bool HasForgotten { get; set; }

        public override Task<LimitRangeReport> ReportRange(string policy, int range, long epoch) =>
            Task.FromResult(new LimitRangeReport(!HasForgotten, 0, []));
    }

    /// <summary>Answers in time, but the first time not before who asked the range may have given up.</summary>
    private sealed class LateAtFirst : SilentFrontend
    {
        private int _calls;

        public override async Task<LimitRangeReport> ReportRange(string policy, int range, long epoch)
        {
            if (Interlocked.Increment(ref _calls) == 1)
                await Task.Delay(TimeSpan.FromMilliseconds(120), CancellationToken.None);
            return new LimitRangeReport(true, 0, []);
        }
    }

    private sealed class SlowAtFirst : SilentFrontend
    {
        private int _calls;

        public override Task<LimitRangeReport> ReportRange(string policy, int range, long epoch) => Interlocked.Increment(ref _calls) == 1
            ? throw new TimeoutException("Not now.")
            : Task.FromResult(new LimitRangeReport(true, 0, []));
    }

    private sealed class Silent : SilentFrontend
    {
        public override Task<LimitRangeReport> ReportRange(string policy, int range, long epoch) =>
            new TaskCompletionSource<LimitRangeReport>().Task;
    }
}
