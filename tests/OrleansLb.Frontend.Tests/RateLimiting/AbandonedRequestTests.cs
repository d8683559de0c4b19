using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>Clients that go away while their requests wait for a range, which does not answer here: time stands still.</summary>
public sealed class AbandonedRequestTests
{
    private const int Askers = 8;
    private const int Answerers = 4;
    private const int QuestionsEach = 20_000;

    private const int MostWaiting = 8192;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_ClientsOfAFullQueueGoAway_TheirPlacesAreFreeAtOnce()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Limited, backend);
        var limiter = frontend.Services.GetRequiredService<RateLimiterTable>().Find("perClient")!;
        using var clients = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, MostWaiting).Select(_ => Acquire(limiter, clients.Token)).ToArray();
        Assert.Equal(LimitVerdict.Unavailable, (await Acquire(limiter, CancellationToken.None)).Verdict);

        await clients.CancelAsync();

        Assert.All(await Task.WhenAll(waiting), static outcome => Assert.Equal((LimitVerdict.Abandoned, false), (outcome.Verdict, outcome.IsAdmitted)));
        Assert.False(Acquire(limiter, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task Request_OneClientGoesAway_OthersWaitOn()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Limited, backend);
        var limiter = frontend.Services.GetRequiredService<RateLimiterTable>().Find("perClient")!;
        using var client = new CancellationTokenSource();
        var before = Acquire(limiter, CancellationToken.None);
        var gone = Acquire(limiter, client.Token);
        var after = Acquire(limiter, CancellationToken.None);

        await client.CancelAsync();

        Assert.Equal(LimitVerdict.Abandoned, (await gone).Verdict);
        Assert.False(before.IsCompleted);
        Assert.False(after.IsCompleted);
    }

    [Fact]
    public async Task Request_ClientClosesItsConnection_IsGivenUpAndCounted()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Limited, backend);
        using var decisions = new MetricCollector<long>(
            frontend.Services.GetRequiredService<IMeterFactory>(), RateLimitMetrics.MeterName, "orleanslb.rate_limit.decisions");
        using var connection = await RawConnection.Open(frontend.Http1, Cancellation);
        await connection.Send("GET /id HTTP/1.1\r\nHost: a\r\n\r\n", Cancellation);

        connection.Dispose();

        await decisions.WaitForMeasurementsAsync(1, TimeSpan.FromSeconds(30));
        Assert.Equal("abandoned", decisions.LastMeasurement!.Tags["decision"]);
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public void Waiting_TakenAndGivenUpMeanwhile_IsNotPutBack()
    {
        var queue = new WaitingAcquires(2);
        using var client = new CancellationTokenSource();
        var (stays, goes) = (Pending(), Pending());
        Assert.True(queue.TryAdd(stays) && queue.TryAdd(goes) && !queue.TryAdd(Pending()));
        goes.GiveUpWith(queue, client.Token);

        var (taken, left) = (new List<PendingAcquire>(), new List<PendingAcquire>());
        queue.Take(taken, 2);
        client.Cancel();
        queue.PutBack(taken);

        queue.Take(left, 2);
        Assert.Equal([stays], left);
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public async Task Waiting_ObjectsServeManyRequestsWhileClientsGoAway_EachHasItsOwnAnswerOnce()
    {
        var queue = new WaitingAcquires(MostWaiting);
        using var done = new CancellationTokenSource();
        // Several, who are in each other's way: giving up then takes its time.
        var range = Task.WhenAll(Enumerable.Range(0, Answerers).Select(_ => Task.Factory.StartNew(() => AnswerAll(queue, done.Token), Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        var left = await Task.WhenAll(Enumerable.Range(0, Askers).Select(asker => Task.Run(() => AskInTurn(queue, asker), Cancellation)));

        await done.CancelAsync();
        await range;
        Assert.True(queue.IsEmpty);
        Assert.InRange(left.Sum(), 1, Askers * QuestionsEach / 4);
    }

    /// <summary>Answers each with the cost it asked for, as a time.</summary>
    private static void AnswerAll(WaitingAcquires queue, CancellationToken done)
    {
        var taken = new List<PendingAcquire>();
        for (var round = 0; !done.IsCancellationRequested; round++)
        {
            taken.Clear();
            queue.Take(taken, 16);
            var costs = taken.ConvertAll(static pending => pending.Entry.Cost);
            if (round % 4 == 0)
                queue.PutBack(taken);
            else
                Decide(taken, costs);
        }
    }

    private static void Decide(List<PendingAcquire> taken, List<int> costs)
    {
        for (var index = 0; index < taken.Count; index++)
            taken[index].Decide(new LimitOutcome(LimitVerdict.Rejected, TimeSpan.FromTicks(costs[index])));
    }

    private static async Task<int> AskInTurn(WaitingAcquires queue, int asker)
    {
        var left = 0;
        for (var question = 1; question <= QuestionsEach; question++)
        {
            using var client = new CancellationTokenSource();
            var cost = (question * Askers) + asker;
            var pending = PendingAcquire.Of(null, new AcquireEntry(RateLimitKey.Of("key"), cost), TimeSpan.MaxValue);
            Assert.True(queue.TryAdd(pending));
            pending.GiveUpWith(queue, client.Token);
            var decision = pending.Decision;
            // Going away is not over when the answer is there.
            var leaving = question % 4 == 0 ? client.CancelAsync() : Task.CompletedTask;
            var outcome = await decision;
            await leaving;
            Assert.True(outcome.Verdict == LimitVerdict.Abandoned ? question % 4 == 0 : outcome.RetryAfter.Ticks == cost, $"{cost} was answered {outcome}.");
            left += outcome.Verdict == LimitVerdict.Abandoned ? 1 : 0;
            // Whose object it is by now is no business of this client's any more.
            await client.CancelAsync();
        }

        return left;
    }

    private static PendingAcquire Pending() => PendingAcquire.Of(null, new AcquireEntry(RateLimitKey.Of("key"), 1), TimeSpan.MaxValue);

    private static Task<LimitOutcome> Acquire(PolicyLimiter limiter, CancellationToken client) =>
        limiter.Acquire(default, 1, client, static client => client).AsTask();

    private static FrontendHostOptions Limited => new()
    {
        RateLimit = new RateLimitPolicyDefinition
        {
            Name = "perClient",
            Algorithm = RateLimitAlgorithm.TokenBucket,
            Mode = RateLimitMode.Exact,
            TokenLimit = 10,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        },
    };
}
