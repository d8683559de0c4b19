using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using OrleansLb.Core.Networks;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Leases;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>What answers tell clients about their limit.</summary>
public sealed class RateLimitHeadersTests : IDisposable
{
    private const int Limit = 5;

    private static readonly RateLimitPolicyDefinition AllowAlone = new()
    {
        Name = "limit",
        Algorithm = RateLimitAlgorithm.FixedWindow,
        PermitLimit = 10,
        Window = TimeSpan.FromSeconds(60),
        WhenUnreachable = WhenUnreachable.Allow,
        Headers = RateLimitHeaders.All,
        LegacyHeaders = true,
    };

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Request_ClusterDecides_AnswersSayWhatIsLeftBesideTheBackendsOwn()
    {
        await using var backend = await Backend.Start();
        backend.Reports = [("RateLimit", "\"own\";r=7"), ("X-RateLimit-Remaining", "7")];
        await using var cluster = await TestClusters.Start();
        await using var frontend = await Start(cluster.Client, backend);

        // A decision whose reply comes too late is charged and asked for again, so not every number need be seen.
        var (last, admitted) = (Limit, 0);
        for (; ; admitted++)
        {
            using var answer = await Get(frontend.Address);
            Assert.Equal(("\"limit\";q=5;w=86400", "5"), (Value(answer, "RateLimit-Policy"), Value(answer, "X-RateLimit-Limit")));
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                var seconds = answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
                Assert.Equal(FormattableString.Invariant($"\"limit\";r=0;t={seconds}"), Value(answer, "RateLimit"));
                Assert.Equal("0", Value(answer, "X-RateLimit-Remaining"));
                break;
            }

            var (left, reset) = (Number(answer, "X-RateLimit-Remaining"), Number(answer, "X-RateLimit-Reset"));
            Assert.InRange(left, 0, last - 1);
            Assert.InRange(reset, 1, 86_400);
            Assert.Equal([$"\"limit\";r={left};t={reset}", "\"own\";r=7"], answer.Headers.GetValues("RateLimit").Order());
            last = left;
        }

        Assert.InRange(admitted, 1, Limit);
    }

    [Fact]
    public async Task Request_FrontendIsOnItsOwn_OnlyThePolicyIsSaid()
    {
        using var answer = await AskAlone(AllowAlone, HttpStatusCode.OK);
        Assert.Equal("\"limit\";q=10;w=60", Value(answer, "RateLimit-Policy"));
        Assert.Equal("10", Value(answer, "X-RateLimit-Limit"));
        Assert.False(answer.Headers.Contains("RateLimit"));
        Assert.False(answer.Headers.Contains("X-RateLimit-Remaining"));
    }

    [Fact]
    public async Task Request_OverHttp2OrUpgraded_IsToldToo()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { RateLimit = AllowAlone }, backend);
        frontend.Clock.Advance(TimeSpan.FromSeconds(5));

        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await client.GetAsync(new Uri(frontend.Http2, "/id"), Cancellation);
        Assert.Equal("\"limit\";q=10;w=60", Value(answer, "RateLimit-Policy"));

        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        await socket.ConnectAsync(new UriBuilder(frontend.Http1) { Scheme = "ws", Path = "/socket" }.Uri, Cancellation);
        Assert.Equal("\"limit\";q=10;w=60", Assert.Single(socket.HttpResponseHeaders!["RateLimit-Policy"]));
    }

    [Fact]
    public async Task Request_ClientIsExempt_NothingIsSaid()
    {
        using var answer = await AskAlone(AllowAlone with { Exempt = NetworkSet.Of([IPNetwork.Parse("127.0.0.0/8")]) }, HttpStatusCode.OK);
        AssertNothing(answer);
    }

    [Theory]
    [InlineData(RateLimitHeaders.Rejected, WhenUnreachable.Allow)]
    [InlineData(RateLimitHeaders.None, WhenUnreachable.Deny)]
    public async Task Request_PolicySaysNothing_NothingIsSaid(RateLimitHeaders headers, WhenUnreachable whenUnreachable)
    {
        var isRefused = whenUnreachable == WhenUnreachable.Deny;
        var policy = AllowAlone with { Headers = headers, LegacyHeaders = headers != RateLimitHeaders.None, WhenUnreachable = whenUnreachable };
        using var answer = await AskAlone(policy, isRefused ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK);
        AssertNothing(answer);
        Assert.Equal(isRefused, answer.Headers.RetryAfter is not null);
    }

    [Fact]
    public void Quota_OfLeases_IsWhatIsHeldAndWhatWasInTheBucket()
    {
        var rule = LimitRule.Of(new RateLimitPolicyDefinition
        {
            Name = "limit",
            Algorithm = RateLimitAlgorithm.TokenBucket,
            TokenLimit = 100,
            TokensPerPeriod = 10,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            Mode = RateLimitMode.Leased,
        });
        var limiter = new KeyLimiter(rule, default);
        var grant = new LeaseGrant(default, 1, 20, 1, new KeyWitness { Tokens = 60.5, Outstanding = 20 }) { Quota = rule.QuotaOf(60.5) };
        limiter.Granted(grant, epoch: 1, sentAt: TimeSpan.Zero, now: TimeSpan.Zero);
        Assert.True(limiter.Leases.TryAdmit(TimeSpan.FromMilliseconds(1), 5, out _));

        Assert.Equal(new LimitQuota(75, TimeSpan.FromSeconds(2.5)), limiter.Quota(TimeSpan.FromMilliseconds(2)));
        // A lease that is over is nobody's.
        Assert.Equal(60, limiter.Quota(TimeSpan.FromSeconds(1)).Remaining);
    }

    [Fact]
    public void Quota_OfLeasesOfAWindow_IsWhatIsHeldAndWhatWasFreeUntilItEnds()
    {
        var rule = LimitRule.Of(new RateLimitPolicyDefinition
        {
            Name = "limit",
            Algorithm = RateLimitAlgorithm.FixedWindow,
            PermitLimit = 100,
            Window = TimeSpan.FromSeconds(2),
            Mode = RateLimitMode.Leased,
        });
        var limiter = new KeyLimiter(rule, default);
        var grant = new LeaseGrant(default, 1, 20, 1, default) { Length = TimeSpan.FromSeconds(0.5), Quota = new LimitQuota(50, TimeSpan.FromSeconds(0.5)) };
        limiter.Granted(grant, epoch: 1, sentAt: TimeSpan.Zero, now: TimeSpan.FromMilliseconds(1));

        Assert.Equal(new LimitQuota(70, TimeSpan.FromMilliseconds(401)), limiter.Quota(TimeSpan.FromMilliseconds(100)));
        Assert.Equal(new LimitQuota(50, TimeSpan.Zero), limiter.Quota(TimeSpan.FromSeconds(1)));
    }

    private static void AssertNothing(HttpResponseMessage answer) =>
        Assert.DoesNotContain(answer.Headers, static header => header.Key.Contains("RateLimit", StringComparison.OrdinalIgnoreCase));

    private static int Number(HttpResponseMessage answer, string name) => int.Parse(Value(answer, name), CultureInfo.InvariantCulture);

    private static string Value(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));

    private static async Task<HttpResponseMessage> AskAlone(RateLimitPolicyDefinition policy, HttpStatusCode status)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { RateLimit = policy }, backend);
        frontend.Clock.Advance(TimeSpan.FromSeconds(5));
        var answer = await Get(frontend.Http1);
        Assert.Equal(status, answer.StatusCode);
        return answer;
    }

    private static async Task<HttpResponseMessage> Get(Uri frontend)
    {
        using var client = new HttpClient();
        return await client.GetAsync(new Uri(frontend, "/report"), Cancellation);
    }

    private async Task<ClusterFrontend> Start(IClusterClient client, Backend backend)
    {
        const string Policy = "OrleansLb:RateLimiting:Policies:limit";
        var version = await client.Apply(TestConfigurations.OnePool(backend.Address).With(
            ("ReverseProxy:Routes:app:RateLimiterPolicy", "limit"),
            ($"{Policy}:Algorithm", "FixedWindow"),
            ($"{Policy}:PermitLimit", "5"),
            ($"{Policy}:Window", "1.00:00:00"),
            ($"{Policy}:Headers", "All"),
            ($"{Policy}:LegacyHeaders", "true")));
        var frontend = await ClusterFrontend.Start(_directory, client);
        await frontend.Configuration.Reaches(version);
        return frontend;
    }
}
