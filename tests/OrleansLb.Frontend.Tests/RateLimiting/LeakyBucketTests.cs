using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Leases;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>Requests that wait for their turn; the front-end is on its own, so that the test says what time it is.</summary>
public sealed class LeakyBucketTests
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acquire_SeveralAtOnce_LeaveOneByOneAndTheRestIsRefused()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(backend);
        var limiter = Limiter(frontend);
        var requests = Enumerable.Range(0, 6).Select(_ => limiter.Acquire(default, 1).AsTask()).ToArray();

        Assert.Equal([true, false, false, false, false, true], requests.Select(static request => request.IsCompleted));
        var refused = await requests[5];
        Assert.Equal((LimitVerdict.RejectedAlone, Turn), (refused.Verdict, refused.RetryAfter));
        for (var turn = 1; turn <= 4; turn++)
        {
            frontend.Clock.Advance(Turn - TimeSpan.FromMilliseconds(1));
            Assert.False(requests[turn].IsCompleted);
            frontend.Clock.Advance(TimeSpan.FromMilliseconds(1));
            var outcome = await requests[turn].WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
            Assert.Equal((LimitVerdict.AdmittedAlone, turn * Turn), (outcome.Verdict, outcome.Delay));
        }
    }

    [Fact]
    public async Task Acquire_ClientGoesAwayWhileItWaits_IsGivenUpAtOnce()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(backend);
        var limiter = Limiter(frontend);
        using var client = new CancellationTokenSource();
        Assert.True((await limiter.Acquire(default, 1)).IsAdmitted);
        var waiting = limiter.Acquire(default, 1, client.Token, static client => client).AsTask();

        await client.CancelAsync();

        Assert.Equal(LimitVerdict.Abandoned, (await waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancellation)).Verdict);
    }

    [Fact]
    public async Task Request_Waits_ReachesTheBackendInItsTurnAndIsMeasured()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(backend);
        using var delays = new MetricCollector<double>(frontend.Services.GetRequiredService<IMeterFactory>(), RateLimitMetrics.MeterName, "orleanslb.rate_limit.delay");
        var limiter = Limiter(frontend);
        Assert.True((await limiter.Acquire(Key, 1)).IsAdmitted);
        using var client = new HttpClient();

        var answer = client.GetAsync(new Uri(frontend.Http1, "/id"), Cancellation);
        // What needs the whole queue is refused, and told how long the queue is.
        await Eventually.Is(async () => (await limiter.Acquire(Key, 5)).RetryAfter == 2 * Turn);
        Assert.Equal(0, backend.Requests);
        // Its turn is set, its timer may not be yet.
        await Eventually.Is(() =>
        {
            frontend.Clock.Advance(Turn);
            return answer.IsCompleted;
        });

        using var response = await answer;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, backend.Requests);
        Assert.Equal(Turn.TotalSeconds, Assert.Single(delays.GetMeasurementSnapshot()).Value);
    }

    private static RateLimitKey Key => RateLimitKey.Of(ReadOnlySpan<char>.Empty);

    // Half of ten a second and of eight that wait; a share begins as if its queue were full.
    private static async Task<FrontendHost> Start(Backend backend)
    {
        var frontend = await FrontendHost.Start(
            new FrontendHostOptions
            {
                RateLimit = new RateLimitPolicyDefinition
                {
                    Name = "queue",
                    Algorithm = RateLimitAlgorithm.LeakyBucket,
                    PermitLimit = 10,
                    Window = TimeSpan.FromSeconds(1),
                    QueueLimit = 8,
                    Partition = RateLimitPartition.Global,
                },
            },
            backend);
        frontend.Services.GetRequiredService<LimitShare>().Told(2);
        frontend.Services.GetRequiredService<ClusterContact>().Made();
        frontend.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False((await Limiter(frontend).Acquire(default, 1)).IsAdmitted);
        frontend.Clock.Advance(TimeSpan.FromSeconds(100));
        return frontend;
    }

    private static PolicyLimiter Limiter(FrontendHost frontend) => frontend.Services.GetRequiredService<RateLimiterTable>().Find("queue")!;
}
