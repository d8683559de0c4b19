using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Leases;
using OrleansLb.Frontend.Tests.Concurrency;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>Limits of requests in flight over two front-ends with real listeners, and a backend that counts for itself.</summary>
public sealed class InFlightLimitTests : IDisposable
{
    private const string Policy = "OrleansLb:RateLimiting:Policies:limit";

    private static readonly RateLimitKey Everybody = RateLimitKey.Of(ReadOnlySpan<char>.Empty);

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly HttpClient _client = new(new SocketsHttpHandler());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("Exact", 8)]
    [InlineData("Exact", 1)]
    [InlineData("Leased", 8)]
    [InlineData("Auto", 20)]
    public async Task Requests_FourfoldDemandAtTwoFrontends_NeverMoreThanTheLimitInFlight(string mode, int limit)
    {
        await using var backend = await HoldingBackend.Start(serviceTime: TimeSpan.FromMilliseconds(20));
        await using var cluster = await TestClusters.Start();
        await using var frontends = await Start(cluster, Limited(backend.Address, limit, mode));

        var statuses = (await Task.WhenAll(Enumerable.Range(0, 4 * limit).Select(client => Loop(frontends.ElementAt(client % 2), times: 40)))).SelectMany(static each => each).ToArray();

        Assert.Equal(limit, backend.Most);
        Assert.All(statuses, static status => Assert.True(status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{status}"));
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }

    [Fact]
    public async Task Requests_WithAQueue_AllAreServedAndNeverMoreThanTheLimitInFlight()
    {
        const int limit = 4;
        await using var backend = await HoldingBackend.Start(serviceTime: TimeSpan.FromMilliseconds(20));
        await using var cluster = await TestClusters.Start();
        await using var frontends = await Start(cluster, Limited(backend.Address, limit, "Auto", ($"{Policy}:QueueLimit", "100"), ($"{Policy}:QueueTimeout", "00:01:00")));

        using var waits = new MetricCollector<double>(
            frontends.ElementAt(0).Services.GetRequiredService<IMeterFactory>(), RateLimitMetrics.MeterName, "orleanslb.rate_limit.delay");

        var statuses = await Task.WhenAll(Enumerable.Range(0, 4 * limit).Select(client => Loop(frontends.ElementAt(client % 2), times: 20)));

        Assert.All(statuses.SelectMany(static each => each), static status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(limit, backend.Most);
        Assert.NotEmpty(waits.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Request_WaitedForTheQueuesTime_IsRefused()
    {
        await using var backend = await HoldingBackend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontends = await Start(cluster, Limited(backend.Address, 1, "Exact", ($"{Policy}:QueueLimit", "1"), ($"{Policy}:QueueTimeout", "00:00:00.200")));
        var held = _client.GetAsync(frontends.ElementAt(0).Address, Cancellation);
        await Eventually.Is(() => backend.Inside == 1);

        using var waited = await _client.GetAsync(frontends.ElementAt(1).Address, Cancellation);

        Assert.Equal(HttpStatusCode.TooManyRequests, waited.StatusCode);
        backend.ReleaseAll();
        Assert.Equal(HttpStatusCode.OK, (await held).StatusCode);
    }

    [Fact]
    public async Task Request_Refused_SaysHowManyMayBeInFlightAndNotUntilWhen()
    {
        await using var backend = await HoldingBackend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontends = await Start(cluster, Limited(backend.Address, 1, "Exact", ($"{Policy}:LegacyHeaders", "true")));
        var held = _client.GetAsync(frontends.ElementAt(0).Address, Cancellation);
        await Eventually.Is(() => backend.Inside == 1);

        using var refused = await _client.GetAsync(frontends.ElementAt(1).Address, Cancellation);
        using var call = new HttpRequestMessage(HttpMethod.Post, frontends.ElementAt(1).Address) { Content = new ByteArrayContent([]) };
        call.Content.Headers.ContentType = new("application/grpc");
        using var status = await _client.SendAsync(call, Cancellation);

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1)), (refused.StatusCode, refused.Headers.RetryAfter!.Delta));
        Assert.Equal("\"limit\";q=1;qu=\"concurrent-requests\"", refused.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal("\"limit\";r=0", refused.Headers.GetValues("RateLimit").Single());
        Assert.False(refused.Headers.Contains("X-RateLimit-Reset"));
        Assert.Equal("8", status.Headers.GetValues("grpc-status").Single());
        backend.ReleaseAll();
        await held;
    }

    [Fact]
    public async Task Client_GoesAway_ItsSlotIsFree()
    {
        await using var backend = await HoldingBackend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontends = await Start(cluster, Limited(backend.Address, 1, "Exact"));
        using var client = new CancellationTokenSource();
        var gone = _client.GetAsync(frontends.ElementAt(0).Address, client.Token);
        await Eventually.Is(() => backend.Inside == 1);
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusOf(frontends.ElementAt(1)));

        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        var next = EventuallyServed(frontends.ElementAt(1));
        await Eventually.Is(() => backend.Arrivals.Length == 2);
        backend.ReleaseAll();
        await next;
    }

    [Fact]
    public async Task Backend_CannotBeReached_ItsSlotIsFree()
    {
        await using var cluster = await TestClusters.Start();
        await using var frontends = await Start(cluster, Limited("http://127.0.0.1:1", 1, "Exact"));

        for (var time = 0; time < 10; time++)
            Assert.NotEqual(HttpStatusCode.TooManyRequests, await StatusOf(frontends.ElementAt(0)));
    }

    [Fact]
    public async Task WebSocket_IsInFlightUntilItCloses()
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontends = await Start(cluster, Limited(backend.Address, 1, "Exact"));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(frontends.ElementAt(0).Address) { Scheme = "ws", Path = "/socket" }.Uri, Cancellation);
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusOf(frontends.ElementAt(1)));

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);

        await EventuallyServed(frontends.ElementAt(1));
    }

    [Fact]
    public async Task Request_AnotherLimitRefuses_ItsSlotIsFreeAndAllAreHeldUntilTheEnd()
    {
        await using var backend = await HoldingBackend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontends = await Start(cluster, Limited(
            backend.Address,
            2,
            "Exact",
            ("ReverseProxy:Routes:app:RateLimiterPolicy", null),
            ("ReverseProxy:Routes:app:OrleansLb:RateLimiterPolicies:0", "limit"),
            ("ReverseProxy:Routes:app:OrleansLb:RateLimiterPolicies:1", "narrow"),
            ("ReverseProxy:Routes:other:ClusterId", "app"),
            ("ReverseProxy:Routes:other:Match:Path", "/other"),
            ("ReverseProxy:Routes:other:RateLimiterPolicy", "limit"),
            ("OrleansLb:RateLimiting:Policies:narrow:Algorithm", "Concurrency"),
            ("OrleansLb:RateLimiting:Policies:narrow:PermitLimit", "1"),
            ("OrleansLb:RateLimiting:Policies:narrow:Partition", "Global")));
        var (first, second) = (frontends.ElementAt(0), frontends.ElementAt(1));
        var held = _client.GetAsync(first.Address, Cancellation);
        await Eventually.Is(() => backend.Inside == 1);
        for (var time = 0; time < 5; time++)
            Assert.Equal(HttpStatusCode.TooManyRequests, await StatusOf(second));

        // One of two is left: those five have given it back, and the first holds one of each.
        var beside = _client.GetAsync(new Uri(second.Address, "/other"), Cancellation);
        await Eventually.Is(() => backend.Inside == 2);
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusOf(first, "/other"));

        backend.ReleaseAll();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await held).StatusCode, (await beside).StatusCode));
        var next = EventuallyServed(second);
        await Eventually.Is(() => backend.Arrivals.Length == 3);
        backend.ReleaseAll();
        await next;
    }

    [Fact]
    public async Task Request_LimitIsTriedOut_GoesOnAndIsCountedWhileInFlight()
    {
        await using var backend = await HoldingBackend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontends = await Start(cluster, Limited(backend.Address, 1, "Exact", ($"{Policy}:DryRun", "true")));
        using var decisions = frontends.ElementAt(0).Collect(RateLimitMetrics.MeterName, "orleanslb.rate_limit.decisions");
        var first = _client.GetAsync(frontends.ElementAt(0).Address, Cancellation);
        await decisions.WaitForMeasurementsAsync(1, TimeSpan.FromSeconds(30));
        var second = _client.GetAsync(frontends.ElementAt(0).Address, Cancellation);
        await decisions.WaitForMeasurementsAsync(2, TimeSpan.FromSeconds(30));
        await Eventually.Is(() => backend.Inside == 2);

        backend.ReleaseAll();
        await Task.WhenAll(first, second);
        Assert.Equal(["admitted_by_range", "rejected"], decisions.GetMeasurementSnapshot().Select(static each => each.Tags["decision"]));
        await Eventually.Is(async () =>
        {
            var third = _client.GetAsync(frontends.ElementAt(0).Address, Cancellation);
            await Eventually.Is(() => backend.Inside == 1);
            await Eventually.Is(() => decisions.GetMeasurementSnapshot().Count == backend.Arrivals.Length);
            backend.ReleaseAll();
            await third;
            return decisions.LastMeasurement!.Tags["decision"] is "admitted_by_range" or "admitted_by_lease";
        });
    }

    [Fact]
    public async Task Silo_OfTheRangeKilled_LimitHoldsAndRequestsGoOn()
    {
        const int limit = 6;
        await using var backend = await HoldingBackend.Start(serviceTime: TimeSpan.FromMilliseconds(20));
        await using var cluster = await TestClusters.Start(silos: 2);
        await using var frontends = await Start(cluster, Limited(backend.Address, limit, "Exact"));
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 2 * limit).Select(client => Loop(frontends.ElementAt(client % 2), int.MaxValue, stop.Token)).ToArray();
        await Eventually.Is(() => backend.Served > 100);

        await cluster.KillSiloAsync(cluster.Silos[1], Cancellation);
        var before = backend.Served;
        await Eventually.Is(() => backend.Served > before + 500);
        await stop.CancelAsync();
        await Task.WhenAll(load);

        Assert.InRange(backend.Most, 1, limit);
    }

    [Theory]
    [InlineData(WhenUnreachable.Allow, 12)]
    [InlineData(WhenUnreachable.Deny, 0)]
    [InlineData(WhenUnreachable.Share, 5)]
    public async Task Request_ClusterLost_FollowsThePolicy(WhenUnreachable whenUnreachable, int admitted)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Alone(whenUnreachable), backend);
        frontend.Services.GetRequiredService<LimitShare>().Told(2);
        frontend.Services.GetRequiredService<ClusterContact>().Made();
        frontend.Clock.Advance(ClusterContact.LostAfter + TimeSpan.FromSeconds(1));
        var limiter = frontend.Services.GetRequiredService<RateLimiterTable>().Find("perClient")!;

        var outcomes = new List<LimitOutcome>();
        for (var time = 0; time < 12; time++)
            outcomes.Add(await limiter.Acquire(default, 1));

        Assert.Equal(admitted, outcomes.Count(static outcome => outcome.Verdict == LimitVerdict.AdmittedAlone));
        Assert.Equal(12 - admitted, outcomes.Count(static outcome => outcome.Verdict == LimitVerdict.RejectedAlone));
        foreach (var outcome in outcomes)
            outcome.Slot.Release();
        Assert.Equal(admitted > 0, (await limiter.Acquire(default, 1)).IsAdmitted);
    }

    [Fact]
    public async Task Acquire_SlotsAreFreeHere_AllocatesNothing()
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontends = await Start(cluster, Limited(backend.Address, 10_000, "Leased"));
        var limiter = frontends.ElementAt(0).Services.GetRequiredService<RateLimiterTable>().Find("limit")!;
        var least = long.MaxValue;

        // Reports allocate, and fall due now and then; a request between two of them must not, once the compiler has done its best.
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(30) && least > 0;)
        {
            var (before, leased) = (GC.GetAllocatedBytesForCurrentThread(), 0);
            for (var time = 0; time < 20; time++)
            {
                var outcome = await limiter.Acquire(default, 1);
                leased += outcome.Verdict == LimitVerdict.AdmittedByLease ? 1 : 0;
                outcome.Slot.Release();
            }

            if (leased == 20)
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static FrontendHostOptions Alone(WhenUnreachable whenUnreachable) => new()
    {
        RateLimit = new RateLimitPolicyDefinition
        {
            Name = "perClient",
            Algorithm = RateLimitAlgorithm.Concurrency,
            PermitLimit = 10,
            WhenUnreachable = whenUnreachable,
        },
    };

    private static SettingsDocument Limited(string backend, int limit, string mode, params (string Key, string? Value)[] more) => TestConfigurations.OnePool(backend).With(
    [
        ("ReverseProxy:Routes:app:RateLimiterPolicy", "limit"),
        ($"{Policy}:Algorithm", "Concurrency"),
        ($"{Policy}:PermitLimit", limit.ToString(CultureInfo.InvariantCulture)),
        ($"{Policy}:Mode", mode),
        ($"{Policy}:Partition", "Global"),
        .. more,
    ]);

    private async Task<Disposables<ClusterFrontend>> Start(InProcessTestCluster cluster, SettingsDocument configuration)
    {
        var version = await cluster.Client.Apply(configuration);
        var frontends = new Disposables<ClusterFrontend>();
        for (var index = 0; index < 2; index++)
        {
            var frontend = await ClusterFrontend.Start(Path.Combine(_directory, $"{index}"), cluster.Client, id: $"fe-{index}");
            frontends.Add(frontend);
            await frontend.Configuration.Reaches(version);
        }

        // Until the cluster has settled nobody decides.
        foreach (var frontend in frontends)
            await Eventually.Is(async () => await IsDecided(frontend));
        var range = cluster.Client.GetGrain<IRateLimitRangeGrain>(IRateLimitRangeGrain.KeyOf("limit", Everybody.Range));
        await Eventually.Is(async () => await range.FindKey(Everybody.High, Everybody.Low) is null);
        return frontends;
    }

    private static async Task<bool> IsDecided(ClusterFrontend frontend)
    {
        var limiter = frontend.Services.GetRequiredService<RateLimiterTable>().Find("limit")!;
        var outcome = await limiter.Acquire(Everybody, 1);
        outcome.Slot.Release();
        return outcome.Verdict is LimitVerdict.AdmittedByRange or LimitVerdict.AdmittedByLease;
    }

    private async Task<List<HttpStatusCode>> Loop(ClusterFrontend frontend, int times, CancellationToken stop = default)
    {
        var statuses = new List<HttpStatusCode>();
        for (var time = 0; time < times && !stop.IsCancellationRequested; time++)
            statuses.Add(await StatusOf(frontend));
        return statuses;
    }

    private Task EventuallyServed(ClusterFrontend frontend) => Eventually.Is(async () => await StatusOf(frontend) != HttpStatusCode.TooManyRequests);

    private async Task<HttpStatusCode> StatusOf(ClusterFrontend frontend, string path = "/id")
    {
        using var answer = await _client.GetAsync(new Uri(frontend.Address, path), Cancellation);
        return answer.StatusCode;
    }
}
