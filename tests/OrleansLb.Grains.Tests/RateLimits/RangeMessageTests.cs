using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.RateLimits;

/// <summary>One message for several ranges.</summary>
public sealed class RangeMessageTests
{
    private const int Limit = 10;
    private const int Unused = 15;

    [Fact]
    public async Task ExchangeAll_RangesThatDecide_EachAnswersItsPart()
    {
        await using var cluster = await Start();
        foreach (var range in new[] { 1, 2, 3 })
            await cluster.Decide(range, 0);

        var replies = await cluster.Range(1).ExchangeAll(new LimitPost([3, 1, 2], [cluster.Request(4), cluster.Request(12), cluster.Request(0)]));

        Assert.Equal([4, Limit, 0], replies.Select(Admitted));
        Assert.Equal(Limit - 4, await cluster.Admitted(3, 15));
        Assert.Equal(0, await cluster.Admitted(1, 15));
        Assert.Equal(Limit, await cluster.Admitted(2, 15));
    }

    [Fact]
    public async Task ExchangeAll_RangesOfSeveralSilos_EachSaysWhereItIsAndThoseElsewhereAreNotWaitedFor()
    {
        await using var cluster = await Start(silos: 2);
        var silos = new Dictionary<int, int>();
        var range = 0;
        for (; silos.Values.Distinct().Count() < 2; range++)
        {
            silos[range] = (await cluster.Decide(range, 0)).Silo;
            var host = await cluster.Cluster.HostOf(cluster.Range(range), TestContext.Current.CancellationToken);
            Assert.Equal(host.SiloAddress.GetConsistentHashCode(), silos[range]);
        }

        var replies = await cluster.Range(0).ExchangeAll(new LimitPost([.. silos.Keys], [.. silos.Keys.Select(_ => cluster.Request(1))]));

        Assert.Equal(silos.Values.Select(silo => silo == silos[0] ? silo : (int?)null), replies.Select(static reply => reply?.Silo));
    }

    [Fact]
    public async Task ExchangeAll_ARangeStillAsksFrontends_TheOthersDoNotWaitForItAndItHasHeardNothing()
    {
        var frontend = new SlowFor(range: 2);
        await using var cluster = await Start(observer: frontend);
        await cluster.Decide(1, 0);
        var starting = cluster.Range(2).Exchange(cluster.Request(0)).AsTask();
        var (first, second) = (cluster.Request(3), cluster.Request(3));
        await frontend.Asked.WaitAsync(TestContext.Current.CancellationToken);

        var replies = await cluster.Range(1).ExchangeAll(new LimitPost([1, 2], [first, second]));

        Assert.Equal(3, Admitted(replies[0]));
        Assert.Null(replies[1]);
        frontend.Answer();
        await Task.WhenAny(starting);
        // What has been heard with a number does not count with it again.
        Assert.True((await cluster.Decide(2, 0, second)).Applied);
    }

    [Fact]
    public async Task ExchangeAll_RangeThatNobodyAskedYet_HasToBeAskedByItself()
    {
        await using var cluster = await Start();
        await cluster.Decide(1, 0);

        Assert.Null((await cluster.Range(1).ExchangeAll(new LimitPost([2], [cluster.Request(1)])))[0]);
    }

    [Fact]
    public async Task ExchangeAll_FrontendTakesNewerRepliesOnly_HasToAskTheRangeByItself()
    {
        await using var cluster = await Start();
        var before = await cluster.Decide(1, 0);

        var replies = await cluster.Range(1).ExchangeAll(new LimitPost([1], [cluster.Request(1) with { LeastEpoch = before.Epoch + 1 }]));

        Assert.Null(replies[0]);
    }

    [Fact]
    public async Task ExchangeAll_FrontendNotRegistered_IsNotAnswered()
    {
        await using var cluster = await Start();
        await cluster.Decide(1, 0);

        Assert.Null((await cluster.Range(1).ExchangeAll(new LimitPost([1], [cluster.Request(1) with { FrontendId = "stranger" }])))[0]);
    }

    [Fact]
    public async Task ExchangeAll_PolicyChanged_NothingIsDecidedByTheOldNumbers()
    {
        await using var cluster = await Start();
        await cluster.Decide(1, 0);

        await cluster.View.Reaches(await cluster.Client.Apply(RangeCluster.TokenBucket(Limit / 2)));

        // The range's own look at the configuration may come first.
        var reply = (await cluster.Range(1).ExchangeAll(new LimitPost([1], [cluster.Request(Limit)])))[0] ?? await cluster.Decide(1, Limit);
        Assert.Equal(Limit / 2, Admitted(reply));
    }

    [Fact]
    public async Task ExchangeAll_NotAsManyRequestsAsRanges_IsRefused()
    {
        await using var cluster = await Start();

        await Assert.ThrowsAsync<ArgumentException>(async () => await cluster.Range(1).ExchangeAll(new LimitPost([1, 2], [cluster.Request(1)])));
    }

    private static int Admitted(LimitReply? reply) => reply!.Decisions.Count(static decision => decision.Admitted);

    /// <summary>A first message takes as long as it takes to compile what it needs, and what it asked for is spent although its answer is lost: so one that asks for nothing goes before.</summary>
    private static async Task<RangeCluster> Start(int silos = 1, IFrontendObserver? observer = null)
    {
        var cluster = await RangeCluster.Start(RangeCluster.TokenBucket(Limit), silos, observer);
        await Answers.Of(() => cluster.Range(Unused).ExchangeAll(new LimitPost([Unused], [cluster.Request(0)])), TestContext.Current.CancellationToken);
        return cluster;
    }

    /// <summary>Does not say what it knows of one range until it may.</summary>
    private sealed class SlowFor(int range) : SilentFrontend
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _mayAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public void Answer() => _mayAnswer.SetResult();

        public override async Task<LimitRangeReport> ReportRange(string policy, int number, long epoch)
        {
            if (number == range)
            {
                _asked.TrySetResult();
                await _mayAnswer.Task;
            }

            return new LimitRangeReport(true, 0, []);
        }
    }
}
