using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Core.Agents;
using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Concurrency;

/// <summary>One front-end without a cluster, which therefore has the whole limit.</summary>
public sealed class QueueTests : IDisposable
{
    private static readonly ConcurrencyDefinition One = new() { MaxRequestsPerBackend = 1, QueueLimit = 10 };
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Request_NoSlotFree_WaitsAndIsServedInTheOrderOfArrival()
    {
        await using var backend = await HoldingBackend.Start();
        await using var frontend = await Start(One, backend);
        var answers = new List<Task<HttpResponseMessage>> { await Running(frontend, backend, "/0") };
        for (var i = 1; i <= 4; i++)
            answers.Add(await Waiting(frontend, $"/{i}", i));

        for (var i = 1; i <= 4; i++)
        {
            var next = i + 1;
            backend.Release();
            await Eventually.Is(() => backend.Arrivals.Length == next);
        }

        backend.Release();
        foreach (var answer in await Task.WhenAll(answers))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["/0", "/1", "/2", "/3", "/4"], backend.Arrivals);
        Assert.Equal(1, backend.Most);
        await Eventually.Is(() => Slot(frontend).Gate.InUse == 0);
    }

    [Fact]
    public async Task Request_OneBackendIsFull_GoesWhereASlotIsFreeWhateverThePolicySays()
    {
        await using var full = await HoldingBackend.Start("full");
        await using var free = await HoldingBackend.Start("free", TimeSpan.Zero);
        await using var frontend = await Start(One with { QueueLimit = 0 }, full, free);
        Task<HttpResponseMessage> held;
        do
        {
            held = _client.GetAsync(new Uri(frontend.Http1, "/"), Cancellation);
            await Task.WhenAny(held, Eventually.Is(() => full.Inside == 1));
        }
        while (full.Inside == 0);

        for (var i = 0; i < 5; i++)
            Assert.Equal("free", await _client.GetStringAsync(new Uri(frontend.Http1, "/"), Cancellation));

        full.Release();
        (await held).Dispose();
        Assert.Equal(1, full.Most);
    }

    [Fact]
    public async Task Request_QueueFull_Is503WithRetryAfterAndCounted()
    {
        await using var backend = await HoldingBackend.Start();
        await using var frontend = await Start(One with { QueueLimit = 1 }, backend);
        using var rejected = Rejected(frontend);
        var held = await Running(frontend, backend, "/");
        var waits = await Waiting(frontend, "/", 1);

        using var refused = await _client.GetAsync(new Uri(frontend.Http1, "/"), Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        Assert.Equal("queue_full", Assert.Single(rejected.GetMeasurementSnapshot()).Tags["reason"]);
        backend.Release();
        await Eventually.Is(() => backend.Arrivals.Length == 2);
        backend.Release();
        (await held).Dispose();
        (await waits).Dispose();
    }

    [Fact]
    public async Task Request_NoQueue_IsRefusedAtOnce()
    {
        await using var backend = await HoldingBackend.Start();
        await using var frontend = await Start(One with { QueueLimit = 0 }, backend);
        var held = await Running(frontend, backend, "/");

        using var refused = await _client.GetAsync(new Uri(frontend.Http1, "/"), Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        backend.Release();
        (await held).Dispose();
    }

    [Fact]
    public async Task Request_WaitsForLongerThanItMay_Is503AndCounted()
    {
        await using var backend = await HoldingBackend.Start();
        await using var frontend = await Start(One, backend);
        using var rejected = Rejected(frontend);
        var held = await Running(frontend, backend, "/");
        var waits = await Waiting(frontend, "/", 1);

        using var refused = await PassTime(frontend, waits);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("timed_out", Assert.Single(rejected.GetMeasurementSnapshot()).Tags["reason"]);
        Assert.Equal(0, Pool(frontend).Admission.Waiting);
        backend.Release();
        (await held).Dispose();
    }

    [Fact]
    public async Task Request_ClientGoesAway_LeavesTheQueueAtOnceAndTheNextIsServed()
    {
        await using var backend = await HoldingBackend.Start();
        await using var frontend = await Start(One, backend);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var held = await Running(frontend, backend, "/0");
        var leaves = _client.GetAsync(new Uri(frontend.Http1, "/1"), leave.Token);
        await Eventually.Is(() => Pool(frontend).Admission.Waiting == 1);
        var stays = await Waiting(frontend, "/2", 2);

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        await Eventually.Is(() => Pool(frontend).Admission.Waiting == 1);
        backend.Release();
        await Eventually.Is(() => backend.Arrivals.Length == 2);
        backend.Release();

        (await held).Dispose();
        (await stays).Dispose();
        Assert.Equal(["/0", "/2"], backend.Arrivals);
    }

    [Fact]
    public async Task Pool_LosesItsLimit_ThoseWhoWaitGoOn()
    {
        await using var backend = await HoldingBackend.Start();
        await using var frontend = await Start(One, backend);
        var held = await Running(frontend, backend, "/0");
        var waits = await Waiting(frontend, "/1", 1);

        await frontend.Apply(Options(null), new Dictionary<string, string> { ["a"] = backend.Address }, 1);
        await Eventually.Is(() => backend.Inside == 2);

        backend.ReleaseAll();
        (await held).Dispose();
        (await waits).Dispose();
    }

    [Fact]
    public async Task Pool_HasALimitAgainThatNobodyFollowsYet_RequestsWaitAndNothingPilesUp()
    {
        await using var backend = await HoldingBackend.Start();
        await using var frontend = await Start(One, backend);
        var held = await Running(frontend, backend, "/0");
        using var looked = new MetricCollector<double>(frontend.Services.GetRequiredService<IMeterFactory>(), "OrleansLb.Frontend.Concurrency", "orleanslb.queue.wait");
        Pool(frontend).Admission.Dissolve();

        var waits = _client.GetAsync(new Uri(frontend.Http1, "/1"), Cancellation);
        // More often than calls of calls find room for.
        await looked.WaitForMeasurementsAsync(20_000, TimeSpan.FromSeconds(30));
        Assert.Equal(["/0"], backend.Arrivals);
        backend.Release();
        await Eventually.Is(() => backend.Arrivals.Length == 2);

        backend.Release();
        (await held).Dispose();
        (await waits).Dispose();
    }

    [Fact]
    public async Task WebSocket_HoldsItsSlotUntilItEnds()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(Options(One with { QueueLimit = 0 }), new Dictionary<string, string> { ["a"] = backend.Address });
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(frontend.Http1) { Scheme = "ws", Path = "/socket" }.Uri, Cancellation);

        using (var refused = await _client.GetAsync(new Uri(frontend.Http1, "/id"), Cancellation))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);

        await Eventually.Is(() => Slot(frontend).Gate.InUse == 0);
        Assert.Equal("a", await _client.GetStringAsync(new Uri(frontend.Http1, "/id"), Cancellation));
    }

    [Fact]
    public async Task ConnectionRefused_SlotIsGivenBackAndAnotherTaken()
    {
        await using var live = await HoldingBackend.Start("live", TimeSpan.Zero);
        var backends = new Dictionary<string, string> { ["dead"] = Refusing(), ["live"] = live.Address };
        await using var frontend = await Start(Options(One), backends);

        for (var i = 0; i < 6; i++)
            Assert.Equal("live", await _client.GetStringAsync(new Uri(frontend.Http1, "/"), Cancellation));

        await Eventually.Is(() => Pool(frontend).Slots.All(static slot => slot.Gate.InUse == 0));
        Assert.Equal(1, live.Most);
    }

    [Fact]
    public async Task ConnectionRefused_NoOtherBackend_IsABadGatewayEachTimeAndNoSlotIsLost()
    {
        await using var frontend = await Start(Options(One), new Dictionary<string, string> { ["dead"] = Refusing() });

        for (var i = 0; i < 4; i++)
        {
            using var answer = await _client.GetAsync(new Uri(frontend.Http1, "/"), Cancellation);
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        }

        await Eventually.Is(() => Slot(frontend).Gate.InUse == 0);
    }

    [Fact]
    public async Task Frontend_CutOffWithDeny_LetsNobodyThrough()
    {
        await using var backend = await HoldingBackend.Start();
        await using var frontend = await FrontendHost.Start(Options(One with { WhenUnreachable = WhenUnreachable.Deny }), new Dictionary<string, string> { ["a"] = backend.Address });
        frontend.Clock.Advance(SlotLease.Ttl);
        var waits = await Waiting(frontend, "/", 1);

        using var refused = await PassTime(frontend, waits);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Empty(backend.Arrivals);
    }

    private static FrontendHostOptions Options(ConcurrencyDefinition? concurrency) => new() { Concurrency = concurrency };

    private static Task<FrontendHost> Start(ConcurrencyDefinition concurrency, params HoldingBackend[] backends) => Start(Options(concurrency), backends);

    private static Task<FrontendHost> Start(FrontendHostOptions options, params HoldingBackend[] backends) =>
        Start(options, backends.ToDictionary(static backend => backend.Id, static backend => backend.Address));

    /// <summary>A front-end that no silo ever answered goes on alone after a while.</summary>
    private static async Task<FrontendHost> Start(FrontendHostOptions options, Dictionary<string, string> backends)
    {
        var frontend = await FrontendHost.Start(options, backends);
        frontend.Clock.Advance(SlotLease.FirstAnswerTime);
        await Eventually.Is(() => IsAlone(frontend));
        return frontend;
    }

    private static bool IsAlone(FrontendHost frontend)
    {
        if (Pool(frontend).Slots.All(static slot => slot.Gate.Allowed > 0))
            return true;
        // On a busy machine it may have begun to wait after that.
        frontend.Clock.Advance(Moment);
        return false;
    }

    private static FrontendPool Pool(FrontendHost frontend) => frontend.Services.GetRequiredService<PoolTable>().Current[FrontendHost.PoolId];

    private static BackendSlot Slot(FrontendHost frontend) => Pool(frontend).Slots.Single();

    private static MetricCollector<long> Rejected(FrontendHost frontend) =>
        new(frontend.Services.GetRequiredService<IMeterFactory>(), "OrleansLb.Frontend.Concurrency", "orleanslb.queue.rejected");

    [Fact]
    public async Task Agent_SaysMaxconn_HoldsForRequestsThatRunAlreadyAndUntilItIsTakenBack()
    {
        await using var backend = await HoldingBackend.Start();
        await using var frontend = await Start(new ConcurrencyDefinition { QueueLimit = 0 }, backend);
        List<Task<HttpResponseMessage>> answers = [await Running(frontend, backend, "/0"), await Running(frontend, backend, "/1")];
        Assert.Equal((true, 2), (Slot(frontend).Gate.IsOpen, Slot(frontend).Gate.InUse));

        AgentSays(frontend, 2);
        await Eventually.Is(() => !Slot(frontend).Gate.IsOpen);
        await Eventually.Is(() =>
        {
            // Nobody answers it: after that time the limit is its own.
            frontend.Clock.Advance(SlotLease.FirstAnswerTime);
            return Slot(frontend).Gate.Allowed == 2;
        });
        using (var refused = await _client.GetAsync(new Uri(frontend.Http1, "/2"), Cancellation))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        backend.Release();
        await Eventually.Is(() => Slot(frontend).Gate.InUse == 1);
        answers.Add(await Running(frontend, backend, "/3"));

        AgentSays(frontend, 3);
        await Eventually.Is(() => Slot(frontend).Gate.Allowed == 3);
        answers.Add(await Running(frontend, backend, "/4"));

        AgentSays(frontend, 0);
        await Eventually.Is(() => Slot(frontend).Gate.IsOpen);
        answers.Add(await Running(frontend, backend, "/5"));
        backend.ReleaseAll();
        foreach (var answer in await Task.WhenAll(answers))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static void AgentSays(FrontendHost frontend, int maxConnections)
    {
        var agent = new AgentState(null, AgentService.Ready, false, maxConnections);
        frontend.Services.GetRequiredService<PoolTable>().ChangeHealth(
            Pool(frontend).Definition.Id,
            view => new PoolHealthView(
                PoolHealthView.LocalEpoch,
                view.Eligibility with { Backends = [.. view.Eligibility.Backends.Select(status => status with { Agent = agent })], Version = view.Eligibility.Version + 1 },
                []));
    }

    /// <summary>Sends a request, and returns when it is at the backend.</summary>
    private async Task<Task<HttpResponseMessage>> Running(FrontendHost frontend, HoldingBackend backend, string path)
    {
        var inside = backend.Inside;
        var answer = _client.GetAsync(new Uri(frontend.Http1, path), Cancellation);
        await Eventually.Is(() => backend.Inside == inside + 1);
        return answer;
    }

    /// <summary>Sends a request, and returns when so many wait.</summary>
    private async Task<Task<HttpResponseMessage>> Waiting(FrontendHost frontend, string path, int waiting)
    {
        var answer = _client.GetAsync(new Uri(frontend.Http1, path), Cancellation);
        await Eventually.Is(() => Pool(frontend).Admission.Waiting == waiting);
        return answer;
    }

    /// <summary>Lets the time that a request may wait pass, again if its clock was not running yet.</summary>
    private static async Task<HttpResponseMessage> PassTime(FrontendHost frontend, Task<HttpResponseMessage> answer)
    {
        await Eventually.Is(() =>
        {
            frontend.Clock.Advance(One.QueueTimeout);
            return answer.IsCompleted;
        });
        return await answer;
    }

    private static string Refusing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}/";
    }
}
