using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Orleans.TestingHost;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core.Health;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.Affinity;
using OrleansLb.Frontend.Tests.Health;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;
using BackendStatus = OrleansLb.Contracts.Backends.BackendStatus;

namespace OrleansLb.Frontend.Tests.Draining;

public sealed class DrainTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly List<Backend> _backends = [];
    private readonly List<ClusterFrontend> _frontends = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false });
    private InProcessTestCluster _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
            _backends.Add(await Backend.Start($"b{i}"));
        _cluster = await TestClusters.Start(silos: 2);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var frontend in _frontends)
            await frontend.DisposeAsync();
        await _cluster.DisposeAsync();
        foreach (var backend in _backends)
            await backend.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Drain_SessionsWebSocketsAndRequests_StayUntilTheTimeIsOver()
    {
        await Serve(
            ("ReverseProxy:Clusters:app:SessionAffinity:Enabled", "true"),
            ("ReverseProxy:Clusters:app:SessionAffinity:Policy", "ClusterCookie"),
            ("ReverseProxy:Clusters:app:SessionAffinity:AffinityKeyName", FrontendHost.CookieName));
        var session = await Session("b0");
        using var socket = await OpenSocket(_frontends[1], session);
        var request = Hold(_frontends[0], session);
        await Eventually.Is(() => Slot(_frontends[0]).Requests == 1 && Slot(_frontends[1]).Connections == 1);
        using var cutAtFirst = CutOff(_frontends[0]);
        using var cutAtSecond = CutOff(_frontends[1]);

        var timeout = TimeSpan.FromSeconds(10);
        var began = Stopwatch.GetTimestamp();
        await Decide(WireAdminState.Draining, timeout);
        await Everywhere(static pool => pool.Health.StateOf(0) == BackendState.Draining);
        foreach (var frontend in _frontends)
        {
            for (var i = 0; i < 12; i++)
                Assert.NotEqual("b0", (await CookieAnswer.Get(_client, new Uri(frontend.Address, "/id"), null)).Body);
            Assert.Equal("b0", (await CookieAnswer.Get(_client, new Uri(frontend.Address, "/id"), session)).Body);
        }

        Assert.Equal("still here", await Say(socket, "still here"));
        Assert.False(request.IsCompleted);
        Assert.Equal("Draining", (await Status()).State);
        Assert.True(Stopwatch.GetElapsedTime(began) < timeout, "This machine is too slow for this test.");

        await Assert.ThrowsAsync<WebSocketException>(() => Hear(socket));
        Assert.True(Stopwatch.GetElapsedTime(began) > timeout - TimeSpan.FromSeconds(0.1), $"closed after {Stopwatch.GetElapsedTime(began)}");
        await Assert.ThrowsAsync<HttpRequestException>(() => request);
        await Everywhere(static pool => pool.Health.StateOf(0) == BackendState.Drained);
        Assert.True((await Status()).Drain!.TimedOut);
        Assert.Equal((1, 1), (cutAtFirst.GetMeasurementSnapshot().EvaluateAsCounter(), cutAtSecond.GetMeasurementSnapshot().EvaluateAsCounter()));
        var moved = await CookieAnswer.Get(_client, new Uri(_frontends[0].Address, "/id"), session);
        Assert.Equal(HttpStatusCode.OK, moved.Status);
        Assert.NotEqual("b0", moved.Body);
        Assert.NotNull(moved.Cookie);
    }

    [Fact]
    public async Task Drain_RequestInFlight_FinishesAndThenTheBackendIsDrained()
    {
        await Serve();
        var request = Hold(_frontends[0], null);
        await Eventually.Is(() => Pool(_frontends[0]).Slots.Any(static slot => slot.Requests == 1));
        var backend = Pool(_frontends[0]).Slots.Single(static slot => slot.Requests == 1).Definition.Id;

        await Decide(WireAdminState.Draining, TimeSpan.FromHours(1), backend);
        await Eventually.Is(async () => (await Status(backend)).Drain is { Phase: "Finishing", WaitingFor: ["fe-0"] });
        _backends.Single(candidate => candidate.Id == backend).Release();

        Assert.Equal("done", await request);
        await Eventually.Is(async () => (await Status(backend)) is { State: "Drained", Drain.TimedOut: false });

        await Decide(WireAdminState.Active, null, backend);
        await Everywhere(pool => pool.Health.TakesNew(pool.IndexById[backend]));
    }

    [Fact]
    public async Task Drain_NoTimeAtAll_CutsOffAtOnce()
    {
        await Serve();
        var request = Hold(_frontends[1], null);
        await Eventually.Is(() => Pool(_frontends[1]).Slots.Any(static slot => slot.Requests == 1));

        await Decide(WireAdminState.Draining, TimeSpan.Zero, Pool(_frontends[1]).Slots.Single(static slot => slot.Requests == 1).Definition.Id);

        await Assert.ThrowsAsync<HttpRequestException>(() => request);
    }

    private async Task Serve(params (string Key, string? Value)[] settings)
    {
        await _cluster.Client.Apply(TestConfigurations.OnePool([.. _backends.Select(static backend => backend.Address)])
            .With([("ReverseProxy:Clusters:app:LoadBalancingPolicy", "RoundRobin"), .. settings]));
        for (var i = 0; i < 2; i++)
            _frontends.Add(await ClusterFrontend.Start(Path.Combine(_directory, $"fe-{i}"), _cluster.Client, id: $"fe-{i}"));
        await Everywhere(static pool => pool.Health.IsInformed);
    }

    private Task Everywhere(Func<FrontendPool, bool> condition) => Task.WhenAll(_frontends.Select(frontend => frontend.Reaches(condition)));

    private async Task Decide(WireAdminState state, TimeSpan? timeout, string backend = "b0") =>
        await _cluster.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", backend)).Decide(state, timeout, "alice");

    private async Task<BackendStatus> Status(string backend = "b0") =>
        (await _cluster.Client.StatusOf("app", Cancellation)).Backends.Single(status => status.BackendId == backend);

    /// <summary>The cookie of a session that is bound to a backend.</summary>
    private async Task<string> Session(string backend)
    {
        while (true)
        {
            var answer = await CookieAnswer.Get(_client, new Uri(_frontends[0].Address, "/id"), null);
            if (answer.Body == backend)
                return answer.Cookie!;
        }
    }

    /// <summary>A request that its backend answers when it is released.</summary>
    private async Task<string> Hold(ClusterFrontend frontend, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontend.Address, "/hold"));
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        using var answer = await _client.SendAsync(request, Cancellation);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private static async Task<ClientWebSocket> OpenSocket(ClusterFrontend frontend, string cookie)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        await socket.ConnectAsync(new UriBuilder(frontend.Address) { Scheme = "ws", Path = "/socket" }.Uri, Cancellation);
        return socket;
    }

    private static async Task<string> Say(ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), WebSocketMessageType.Text, true, Cancellation);
        return await Hear(socket);
    }

    private static async Task<string> Hear(ClientWebSocket socket)
    {
        var buffer = new byte[64];
        var echo = await socket.ReceiveAsync(buffer, Cancellation).WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        return Encoding.ASCII.GetString(buffer, 0, echo.Count);
    }

    private static MetricCollector<long> CutOff(ClusterFrontend frontend) =>
        frontend.Collect("OrleansLb.Frontend.Draining", "orleanslb.backend.drain.cut_off");

    private static FrontendPool Pool(ClusterFrontend frontend) => frontend.Services.GetRequiredService<PoolTable>().Current["app"];

    private static BackendSlot Slot(ClusterFrontend frontend) => Pool(frontend).Slots[0];
}
