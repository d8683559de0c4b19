using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Frontend.Http.Timeouts;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.AccessLog;
using OrleansLb.Frontend.Tests.Answers;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Timeouts;

/// <summary>YARP's <c>Timeout</c> of a route.</summary>
public sealed class RouteTimeoutTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly HttpClient _client = new();
    private readonly AccessLogFile _log = new();
    private Backend _backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _backend = await Backend.Start();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _log.Dispose();
        await _backend.DisposeAsync();
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Backend_TakesTooLong_IsAGatewayTimeoutAndNothingIsHeldAgainstIt(string forwarder)
    {
        await using var frontend = await Frontend(forwarder);
        using var counted = frontend.Collect(RouteTimeoutMetrics.MeterName, "orleanslb.route.timeouts");
        var asked = _client.GetAsync(new Uri(frontend.Http1, "/hold"), Cancellation);
        await Eventually.Is(() => _backend.Requests == 1);
        frontend.Clock.Advance(Limit - TimeSpan.FromSeconds(1));
        Assert.False(asked.IsCompleted);

        frontend.Clock.Advance(TimeSpan.FromSeconds(1));

        using (var answer = await asked)
            Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        var line = await _log.Last(frontend.Services);
        Assert.Equal(("route_timeout", 504), (line.GetProperty("reason").GetString(), line.GetProperty("status").GetInt32()));
        Assert.Equal("app", Assert.Single(counted.GetMeasurementSnapshot()).Tags["route"]);
        Assert.Equal(0, frontend.Services.GetRequiredService<PoolTable>().Current[FrontendHost.PoolId].Slots[0].PickLoad);
        Assert.Equal("a", await _client.GetStringAsync(new Uri(frontend.Http1, "/id"), Cancellation));
    }

    [Theory]
    [InlineData("slow", 20, HttpStatusCode.GatewayTimeout)]
    [InlineData("BUSY", 5, HttpStatusCode.ServiceUnavailable)]
    [InlineData("Default", 5, HttpStatusCode.ServiceUnavailable)]
    [InlineData("", 5, HttpStatusCode.ServiceUnavailable)]
    [InlineData(null, 5, HttpStatusCode.ServiceUnavailable)]
    public async Task Policy_ThatARouteNames_IsItsTimeAndItsStatus(string? policy, int seconds, HttpStatusCode status)
    {
        await using var frontend = await FrontendOf(policy);
        var asked = _client.GetAsync(new Uri(frontend.Http1, "/hold"), Cancellation);
        await Eventually.Is(() => _backend.Requests == 1);
        frontend.Clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.False(asked.IsCompleted);

        frontend.Clock.Advance(TimeSpan.FromSeconds(1));

        using var answer = await asked;
        Assert.Equal(status, answer.StatusCode);
        var line = await _log.Last(frontend.Services);
        Assert.Equal(("route_timeout", (int)status), (line.GetProperty("reason").GetString(), line.GetProperty("status").GetInt32()));
    }

    [Theory]
    [InlineData("Disable")]
    [InlineData("disable")]
    public async Task Policy_Disable_IsNoTimeWhateverIsTheDefault(string policy)
    {
        await using var frontend = await FrontendOf(policy);
        var asked = _client.GetStringAsync(new Uri(frontend.Http1, "/hold"), Cancellation);
        await Eventually.Is(() => _backend.Requests == 1);
        frontend.Clock.Advance(TimeSpan.FromMinutes(5));
        _backend.Release();

        Assert.Equal("done", await asked);
        Assert.Equal("ok", (await _log.Last(frontend.Services)).GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Answer_TakesTooLong_IsBrokenOff(string forwarder)
    {
        await using var frontend = await Frontend(forwarder);
        using var answer = await _client.GetAsync(new Uri(frontend.Http1, "/begin"), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        Assert.Equal(5, await body.ReadAtLeastAsync(new byte[5], 5, cancellationToken: Cancellation));

        frontend.Clock.Advance(Limit);

        await Assert.ThrowsAnyAsync<IOException>(async () => await body.ReadExactlyAsync(new byte[1], Cancellation));
        Assert.Equal("route_timeout", (await _log.Last(frontend.Services)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Request_IsInTime_IsAnswered()
    {
        await using var frontend = await Frontend("Direct");
        var asked = _client.GetStringAsync(new Uri(frontend.Http1, "/hold"), Cancellation);
        await Eventually.Is(() => _backend.Requests == 1);
        frontend.Clock.Advance(Limit - TimeSpan.FromSeconds(1));
        _backend.Release();

        Assert.Equal("done", await asked);
        Assert.Equal("ok", (await _log.Last(frontend.Services)).GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task WebSocket_StaysBeyondIt(string version)
    {
        await using var frontend = await Frontend("Direct");
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        await socket.ConnectAsync(new UriBuilder(version == "1.1" ? frontend.Http1 : frontend.Http2) { Scheme = "ws", Path = "/socket" }.Uri, invoker, Cancellation);

        frontend.Clock.Advance(3 * Limit);

        await socket.SendAsync("still"u8.ToArray(), WebSocketMessageType.Text, true, Cancellation);
        var buffer = new byte[16];
        Assert.Equal("still"u8.ToArray(), buffer[..(await socket.ReceiveAsync(buffer, Cancellation)).Count]);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
    }

    private Task<FrontendHost> FrontendOf(string? policy) => ConfiguredFrontend.Start(
        new FrontendHostOptions { Settings = _log.Settings },
        ("Routes:app:ClusterId", "app"),
        ("Routes:app:Match:Path", "/{**rest}"),
        ("Routes:app:TimeoutPolicy", policy),
        ("OrleansLb:Timeouts:Default", "busy"),
        ("OrleansLb:Timeouts:Policies:slow:Timeout", "00:00:20"),
        ("OrleansLb:Timeouts:Policies:busy:Timeout", "00:00:05"),
        ("OrleansLb:Timeouts:Policies:busy:TimeoutStatusCode", "503"),
        ("Clusters:app:HttpRequest:ActivityTimeout", "01:00:00"),
        ("Clusters:app:Destinations:a:Address", _backend.Address));

    private Task<FrontendHost> Frontend(string forwarder)
    {
        var settings = _log.Settings;
        settings["OrleansLb:Frontend:Forwarder"] = forwarder;
        return ConfiguredFrontend.Start(
            new FrontendHostOptions { Settings = settings },
            ("Routes:app:ClusterId", "app"),
            ("Routes:app:Match:Path", "/{**rest}"),
            ("Routes:app:Timeout", "00:00:20"),
            // Nothing else may be over before.
            ("Clusters:app:HttpRequest:ActivityTimeout", "01:00:00"),
            ("Clusters:app:Destinations:a:Address", _backend.Address));
    }
}
