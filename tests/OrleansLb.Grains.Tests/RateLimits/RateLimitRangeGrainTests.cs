using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.RateLimits;

public sealed class RateLimitRangeGrainTests : IAsyncDisposable
{
    private const string Policy = "perClient";
    private const double TokensPerSecond = 0.01;

    private readonly List<BeatingFrontend> _frontends = [];
    private long _seq;
    private int _freshRange;

    public async ValueTask DisposeAsync()
    {
        foreach (var frontend in _frontends)
            await frontend.DisposeAsync();
    }

    [Fact]
    public async Task Exchange_NothingEverUsed_AdmitsTheWholeBurst()
    {
        await using var cluster = await Start(tokenLimit: 10);

        Assert.Equal(10, await AdmittedByAFreshRange(cluster, count: 15));
        Assert.Equal(10, await AdmittedByAFreshRange(cluster, count: 15));
    }

    [Fact]
    public async Task Exchange_PolicyUnknown_AnswersNull()
    {
        await using var cluster = await Start(tokenLimit: 10);

        Assert.Null(await cluster.Client.GetGrain<IRateLimitRangeGrain>(IRateLimitRangeGrain.KeyOf("other", 1)).Exchange(Request(1)));
    }

    [Fact]
    public async Task Exchange_FrontendNotRegistered_AnswersNull()
    {
        await using var cluster = await Start(tokenLimit: 10);

        Assert.Null(await cluster.Client.GetGrain<IRateLimitRangeGrain>(IRateLimitRangeGrain.KeyOf(Policy, 1)).Exchange(Request(1) with { FrontendId = "stranger" }));
    }

    [Fact]
    public async Task Exchange_PolicyChanged_FollowsTheNewNumbersAndKeepsTheCounts()
    {
        await using var cluster = await Start(tokenLimit: 10);
        Assert.Equal(4, await Admitted(cluster, range: 1, count: 4));

        var version = await cluster.Client.Apply(Configuration(tokenLimit: 5));
        await View(cluster).Reaches(version);

        Assert.Equal(5, await Admitted(cluster, range: 1, count: 10));
        Assert.Equal(5, await Admitted(cluster, range: 2, count: 10));
    }

    [Fact]
    public async Task Exchange_FrontendRemembersTheRange_ContinuesFromThere()
    {
        await using var cluster = await Start(tokenLimit: 10, observer: new Remembering(new LimitWitness(5, 1, 3, 0, 0, 0, TimeSpan.Zero)));

        var reply = await Ask(cluster, range: 1, count: 10);

        Assert.Equal(3, reply.Decisions.Count(decision => decision.Admitted));
        Assert.True(reply.Decisions.All(decision => decision.Witness.Epoch > 5));
    }

    [Fact]
    public async Task Exchange_FrontendTakesNewerRepliesOnly_RangeBeginsAnewFromWhatItRemembers()
    {
        await using var cluster = await Start(tokenLimit: 10, observer: new Remembering(new LimitWitness(5, 1, 3, 0, 0, 0, TimeSpan.Zero)));
        var before = await Ask(cluster, range: 1, count: 2);

        var after = await Decide(cluster, range: 1, count: 10, Request(10) with { LeastEpoch = before.Epoch + 1_000_000 });

        Assert.True(after.Epoch >= before.Epoch + 1_000_000);
        Assert.Equal(3, after.Decisions.Count(static decision => decision.Admitted));
        Assert.Equal(after.Epoch, (await Decide(cluster, range: 1, count: 0)).Epoch);
    }

    [Fact]
    public async Task Exchange_FrontendRemembersAQueue_TheNextTurnComesAfterIt()
    {
        var witness = new LimitWitness(5, 1, 0, 0, 0, 0, TimeSpan.Zero) { Backlog = TimeSpan.FromSeconds(30) };
        await using var cluster = await Start(
            TestConfigurations.OnePool("http://10.0.0.1/").With(
                ($"OrleansLb:RateLimiting:Policies:{Policy}:Algorithm", "LeakyBucket"),
                ($"OrleansLb:RateLimiting:Policies:{Policy}:PermitLimit", "1"),
                ($"OrleansLb:RateLimiting:Policies:{Policy}:Window", "00:00:10"),
                ($"OrleansLb:RateLimiting:Policies:{Policy}:QueueLimit", "5")),
            silos: 1,
            new Remembering(witness));

        var delays = (await Ask(cluster, range: 1, count: 2)).Decisions.Select(static decision => decision.Delay).ToArray();

        // A queue is taken for a little longer than it is said to be.
        Assert.InRange(delays[0], TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30.1));
        Assert.Equal(TimeSpan.FromSeconds(10), delays[1] - delays[0]);
    }

    [Fact]
    public async Task Exchange_FrontendAnswersTheSecondTime_AdmitsTheWholeBurst()
    {
        await using var cluster = await Start(tokenLimit: 10, observer: new SlowAtFirst());

        Assert.Equal(10, await AdmittedByAFreshRange(cluster, count: 15));
    }

    [Fact]
    public async Task Exchange_FrontendDoesNotSayWhatItRemembers_StartsEmpty()
    {
        await using var cluster = await Start(tokenLimit: 10, observer: new Silent());

        Assert.Equal(0, await Admitted(cluster, range: 1, count: 10));
    }

    [Fact]
    public async Task Exchange_FrontendDepartedWithWhatItRemembered_StartsEmpty()
    {
        await using var cluster = await Start(tokenLimit: 10);
        await _frontends[0].Leave();
        await Register(cluster, new SilentFrontend());

        Assert.Equal(0, await Admitted(cluster, range: 1, count: 10));
    }

    [Fact]
    public async Task Exchange_AnotherFrontendSaidGoodbye_ItsShareIsNotSetAside()
    {
        await using var cluster = await Start(tokenLimit: 10);
        await using var other = await BeatingFrontend.Start(cluster.Client, "other", new SilentFrontend());
        await Decide(cluster, range: 1, count: 0, new LimitRequest { FrontendId = "other", Incarnation = 1, Seq = 1 });
        await other.Leave();

        // Longer than a range takes to set a silent front-end's share aside.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        for (var silence = Stopwatch.StartNew(); silence.Elapsed < TimeSpan.FromSeconds(4);)
        {
            await Ask(cluster, range: 1, count: 0);
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(10, await Admitted(cluster, range: 1, count: 15));
    }

    [Fact]
    public async Task Exchange_AnotherFrontendVanished_ItsShareIsSetAsideUntilItIsForgotten()
    {
        await using var cluster = await Start(Configuration(tokenLimit: 10, tokensPerPeriod: 1000), silos: 1, observer: null);
        var directory = cluster.Client.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key);
        await using (await BeatingFrontend.Start(cluster.Client, "other", new SilentFrontend()))
        {
            await Decide(cluster, range: 1, count: 0, new LimitRequest { FrontendId = "other", Incarnation = 1, Seq = 1 });
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
    private async Task AdmitsInASecond(InProcessTestCluster cluster, int count)
    {
        var admitted = -1;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.2));
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(60) && admitted != count;)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            admitted = await Admitted(cluster, range: 1, count: 15);
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
            admitted[range] = await Admitted(cluster, range, count: 8);

        observer.HasForgotten = true;
        await cluster.KillSiloAsync(cluster.Silos[1], TestContext.Current.CancellationToken);

        for (var range = 0; range < admitted.Length; range++)
            admitted[range] += await Admitted(cluster, range, count: 8);
        var most = 10 + (TokensPerSecond * time.Elapsed.TotalSeconds);
        Assert.All(admitted, each => Assert.InRange(each, 8, most));
    }

    // A range that knows too little begins empty.
    [Fact]
    public async Task Exchange_SiloOfTheRangeAndOfTheDirectoryKilled_NextRangeKnowsThatNobodyIsMissing()
    {
        await using var cluster = await Start(Configuration(tokenLimit: 10, tokensPerPeriod: 1000), silos: 2, observer: null);
        var directory = cluster.Client.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key);
        await KnowsFor(directory, TimeSpan.FromSeconds(3));
        var range = await RangeAt(cluster, await cluster.HostOf(directory, TestContext.Current.CancellationToken));

        await cluster.KillHostOf(directory, TestContext.Current.CancellationToken);

        Assert.Equal(10, await Admitted(cluster, range, count: 15));
    }

    private async Task<int> RangeAt(InProcessTestCluster cluster, InProcessSiloHandle silo)
    {
        for (var range = 0; ; range++)
        {
            await Decide(cluster, range, 0);
            var grain = cluster.Client.GetGrain<IRateLimitRangeGrain>(IRateLimitRangeGrain.KeyOf(Policy, range));
            if (await cluster.HostOf(grain, TestContext.Current.CancellationToken) == silo)
                return range;
        }
    }

    private static async Task KnowsFor(IFrontendDirectoryGrain directory, TimeSpan time)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await directory.List() is var list && (list.KnownFor < time || !list.IsKnownEverywhere))
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    private Task<InProcessTestCluster> Start(int tokenLimit, int silos = 1, IFrontendObserver? observer = null) => Start(Configuration(tokenLimit), silos, observer);

    private async Task<InProcessTestCluster> Start(SettingsDocument configuration, int silos, IFrontendObserver? observer)
    {
        var cluster = await TestClusters.Start(silos);
        var version = await cluster.Client.Apply(configuration);
        foreach (var silo in cluster.Silos)
            await cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<IConfigurationView>().Reaches(version);
        await Register(cluster, observer ?? new SilentFrontend());
        return cluster;
    }

    private static SettingsDocument Configuration(int tokenLimit, int tokensPerPeriod = 1) => TestConfigurations.OnePool("http://10.0.0.1/").With(
        ($"OrleansLb:RateLimiting:Policies:{Policy}:Algorithm", "TokenBucket"),
        ($"OrleansLb:RateLimiting:Policies:{Policy}:TokenLimit", $"{tokenLimit}"),
        ($"OrleansLb:RateLimiting:Policies:{Policy}:TokensPerPeriod", $"{tokensPerPeriod}"),
        ($"OrleansLb:RateLimiting:Policies:{Policy}:ReplenishmentPeriod", "00:01:40"));

    private static IConfigurationView View(InProcessTestCluster cluster) =>
        cluster.GetSiloServiceProvider(cluster.Silos[0].SiloAddress).GetRequiredService<IConfigurationView>();

    private async Task Register(InProcessTestCluster cluster, IFrontendObserver observer) =>
        _frontends.Add(await BeatingFrontend.Start(cluster.Client, "fe", observer, incarnation: _frontends.Count + 1));

    private async Task<int> Admitted(InProcessTestCluster cluster, int range, int count) =>
        (await Ask(cluster, range, count)).Decisions.Count(decision => decision.Admitted);

    // What an answer that came too late admitted is spent: the next range has not been used yet.
    private async Task<int> AdmittedByAFreshRange(InProcessTestCluster cluster, int count)
    {
        while (true)
        {
            var range = ++_freshRange;
            await Decide(cluster, range, 0);
            try
            {
                var reply = await cluster.Client.GetGrain<IRateLimitRangeGrain>(IRateLimitRangeGrain.KeyOf(Policy, range)).Exchange(Request(count));
                return reply!.Decisions.Count(decision => decision.Admitted);
            }
            catch (TimeoutException exception)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(exception.Message);
            }
        }
    }

    // A first call may take longer than it may wait, and what it asked for is spent although its answer is lost: so the range is woken
    // by a request for nothing.
    private async Task<LimitReply> Ask(InProcessTestCluster cluster, int range, int count)
    {
        await Decide(cluster, range, 0);
        return await Decide(cluster, range, count);
    }

    // Until the range decides: it does not while front-ends may still register, and cannot while its grain moves.
    private async Task<LimitReply> Decide(InProcessTestCluster cluster, int range, int count, LimitRequest? request = null)
    {
        var grain = cluster.Client.GetGrain<IRateLimitRangeGrain>(IRateLimitRangeGrain.KeyOf(Policy, range));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(60);)
        {
            try
            {
                if (await grain.Exchange(request ?? Request(count)) is { } reply)
                    return reply;
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(exception.Message);
            }

            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"Range {range} did not decide within a minute.");
    }

    private LimitRequest Request(int count) => new()
    {
        FrontendId = "fe",
        Incarnation = _frontends.Count,
        Seq = ++_seq,
        Acquires = [.. Enumerable.Repeat(new LimitAcquire(1, 2, 1), count)],
    };

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
