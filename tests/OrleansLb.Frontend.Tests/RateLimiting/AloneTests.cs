using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>Rate limits of a front-end that cannot reach any silo.</summary>
public sealed class AloneTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(WhenUnreachable.Allow, HttpStatusCode.OK)]
    [InlineData(WhenUnreachable.Deny, HttpStatusCode.TooManyRequests)]
    [InlineData(WhenUnreachable.Share, HttpStatusCode.TooManyRequests)]
    public async Task Request_ClusterNeverAnswered_FollowsThePolicy(WhenUnreachable whenUnreachable, HttpStatusCode status)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Limited(whenUnreachable), backend);
        frontend.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(status, await Get(frontend));
    }

    [Fact]
    public async Task Request_ClusterLost_IsServedFromTheShareThatStartsEmpty()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Limited(WhenUnreachable.Share), backend);
        Reply(frontend);

        frontend.Clock.Advance(TimeSpan.FromSeconds(3.5));
        Assert.Equal(HttpStatusCode.TooManyRequests, await Get(frontend));
        frontend.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.TooManyRequests, await Get(frontend));
        frontend.Clock.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(5, await Admitted(frontend, 20));
    }

    [Fact]
    public async Task Acquire_ClusterLost_SaysWhetherNobodyDecidedOrTheShareIsUsedUp()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Limited(WhenUnreachable.Share), backend);
        var limiter = frontend.Services.GetRequiredService<RateLimiterTable>().Find("perClient")!;
        Reply(frontend);

        frontend.Clock.Advance(TimeSpan.FromSeconds(3.5));
        Assert.Equal(LimitVerdict.Unavailable, (await limiter.Acquire(default, 1)).Verdict);
        frontend.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(LimitVerdict.RejectedAlone, (await limiter.Acquire(default, 1)).Verdict);
        frontend.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(LimitVerdict.AdmittedAlone, (await limiter.Acquire(default, 1)).Verdict);
        Assert.Equal(LimitVerdict.RejectedAlone, (await limiter.Acquire(default, 1)).Verdict);
    }

    [Fact]
    public async Task Report_AfterItServedAlone_IsNotEverything()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Limited(WhenUnreachable.Share), backend);
        var limiters = frontend.Services.GetRequiredService<RateLimiterTable>();
        Reply(frontend);
        frontend.Clock.Advance(TimeSpan.FromSeconds(105));
        Assert.False((await limiters.Find("perClient")!.Acquire(default, 1)).IsAdmitted);
        Assert.True(limiters.Report("perClient", default(RateLimitKey).Range, 5).IsComplete);

        frontend.Clock.Advance(TimeSpan.FromSeconds(100));
        Assert.True((await limiters.Find("perClient")!.Acquire(default, 1)).IsAdmitted);
        Assert.False(limiters.Report("perClient", default(RateLimitKey).Range, 6).IsComplete);
    }

    [Fact]
    public async Task Request_ClusterLostAgain_ShareStartsEmptyAgain()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Limited(WhenUnreachable.Share), backend);
        Reply(frontend);
        frontend.Clock.Advance(TimeSpan.FromSeconds(5));
        await Get(frontend);
        frontend.Clock.Advance(TimeSpan.FromSeconds(100));

        Reply(frontend);
        frontend.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(HttpStatusCode.TooManyRequests, await Get(frontend));
    }

    [Fact]
    public async Task Request_Refused_SaysWhenToComeBack()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Limited(WhenUnreachable.Share), backend);
        Reply(frontend);
        frontend.Clock.Advance(TimeSpan.FromSeconds(5));
        using var client = new HttpClient();

        using var answer = await client.GetAsync(new Uri(frontend.Http1, "/id"), Cancellation);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter!.Delta);
        Assert.Equal("\"perClient\";q=10;w=10", Assert.Single(answer.Headers.GetValues("RateLimit-Policy")));
        Assert.Equal("\"perClient\";r=0;t=2", Assert.Single(answer.Headers.GetValues("RateLimit")));
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task GrpcRequest_Refused_GetsItsOwnStatus()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Limited(WhenUnreachable.Deny), backend);
        frontend.Clock.Advance(TimeSpan.FromSeconds(5));
        using var client = new HttpClient();
        using var content = new ByteArrayContent([]);
        content.Headers.ContentType = new("application/grpc");

        using var answer = await client.PostAsync(new Uri(frontend.Http1, "/echo"), content, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("8", Assert.Single(answer.Headers.GetValues("grpc-status")));
        Assert.Equal("\"perClient\";r=0;t=1", Assert.Single(answer.Headers.GetValues("RateLimit")));
    }

    [Fact]
    public async Task Acquire_DecidedAlone_AllocatesNothing()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Limited(WhenUnreachable.Allow), backend);
        frontend.Clock.Advance(TimeSpan.FromSeconds(5));
        var limiter = frontend.Services.GetRequiredService<RateLimiterTable>().Find("perClient")!;
        Assert.True((await limiter.Acquire(default, 1)).IsAdmitted);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var decided = 0;
        for (var time = 0; time < 1000; time++)
            decided += (await limiter.Acquire(default, 1)).IsAdmitted ? 1 : 0;
        // Less than a byte a call: the runtime itself may allocate once, when it compiles the loop anew.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 999);
        Assert.Equal(1000, decided);
    }

    // Ten tokens, one a second, of which half is this front-end's.
    private static FrontendHostOptions Limited(WhenUnreachable whenUnreachable) => new()
    {
        RateLimit = new RateLimitPolicyDefinition
        {
            Name = "perClient",
            Algorithm = RateLimitAlgorithm.TokenBucket,
            TokenLimit = 10,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            WhenUnreachable = whenUnreachable,
        },
    };

    private static void Reply(FrontendHost frontend)
    {
        frontend.Services.GetRequiredService<LimitShare>().Told(2);
        frontend.Services.GetRequiredService<ClusterContact>().Made();
    }

    private static async Task<int> Admitted(FrontendHost frontend, int requests)
    {
        var admitted = 0;
        for (var request = 0; request < requests; request++)
            admitted += await Get(frontend) == HttpStatusCode.OK ? 1 : 0;
        return admitted;
    }

    private static async Task<HttpStatusCode> Get(FrontendHost frontend)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(frontend.Http1, "/id"), Cancellation);
        return answer.StatusCode;
    }
}
