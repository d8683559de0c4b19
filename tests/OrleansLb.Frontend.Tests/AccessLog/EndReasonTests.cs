using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Configuration;
using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Overload;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Http.Overload;
using OrleansLb.Frontend.Leases;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.Affinity;
using OrleansLb.Frontend.Tests.Concurrency;
using OrleansLb.Frontend.Tests.Forwarding;
using OrleansLb.Frontend.Tests.LoadBalancing;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Tests.AccessLog;

/// <summary>Each reason, brought about by what it is for, and read from the log.</summary>
public sealed class EndReasonTests : IDisposable
{
    private static readonly ConcurrencyDefinition One = new() { MaxRequestsPerBackend = 1, QueueLimit = 1 };

    private readonly AccessLogFile _log = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Request_Answered_IsOk(string forwarder)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Options(forwarder), backend);
        Assert.Equal(HttpStatusCode.OK, await Get(frontend, "/id"));
        await EndsAs("ok", frontend);
        Assert.Equal(HttpStatusCode.NotFound, await Get(frontend, "/nothing"));
        await EndsAs("ok", frontend, count: 2);
    }

    [Fact]
    public async Task Client_LeavesTheQueue_IsSaid()
    {
        await using var backend = await HoldingBackend.Start();
        await using var frontend = await Limited(backend, One);
        var held = _client.GetAsync(frontend.Http1, Cancellation);
        await Eventually.Is(() => backend.Inside == 1);
        var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);
        await Eventually.Is(() => Pool(frontend).Admission.Waiting == 1);
        frontend.Clock.Advance(TimeSpan.FromSeconds(1));
        client.Reset();

        var line = await EndsAs("client_left_queue", frontend);
        Assert.Equal((499, 0, 1000m), (Number(line, "status"), Number(line, "tries"), line.GetProperty("queue_ms").GetDecimal()));
        backend.Release();
        (await held).Dispose();
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Client_LeavesWithinItsBody_IsSaid(string forwarder)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(Options(forwarder), backend.Alone);
        var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello", Cancellation);
        await (await backend.Next()).ReadHead();
        client.Reset();
        await EndsAs("client_left_request", frontend);
    }

    [Theory]
    [InlineData("Direct", false, false)]
    [InlineData("Direct", true, false)]
    [InlineData("Direct", true, true)]
    [InlineData("Yarp", true, false)]
    [InlineData("Yarp", true, true)]
    public async Task Client_LeavesBeforeTheAnswer_IsSaid(string forwarder, bool byReset, bool withBody)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(Options(forwarder), backend.Alone);
        var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send($"{(withBody ? "POST" : "GET")} / HTTP/1.1\r\nHost: x\r\n{(withBody ? "Content-Length: 5\r\n\r\nhello" : "\r\n")}", Cancellation);
        await (await backend.Next()).ReadTo(withBody ? "hello" : "\r\n\r\n");
        if (byReset)
            client.Reset();
        else
            client.Dispose();
        var line = await EndsAs("client_left_waiting", frontend);
        Assert.Equal((1, "a"), (Number(line, "tries"), line.GetProperty("backend").GetString()));
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Client_LeavesWithinTheAnswer_IsSaid(string forwarder)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(Options(forwarder), backend.Alone);
        var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);
        await (await backend.Next()).Answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
        await client.ReadTo("hel", Cancellation);
        client.Reset();
        var line = await EndsAs("client_left_answer", frontend);
        Assert.Equal((200, 3), (Number(line, "status"), Number(line, "sent")));
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Body_IsNone_IsSaid(string forwarder)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(Options(forwarder), backend.Alone);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", Cancellation);
        await (await backend.Next()).ReadHead();
        await client.Send("zz\r\n", Cancellation);
        await client.ReadToEnd(Cancellation);
        Assert.Equal(400, Number(await EndsAs("bad_body", frontend, "framing.chunk"), "status"));
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "framing.length_and_encoding", 400)]
    [InlineData("TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", "method", 405)]
    [InlineData("GET /a%zz HTTP/1.1\r\nHost: x\r\n\r\n", "path", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX_A: b\r\n\r\n", "field.name", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n", "framing.expect", 417)]
    public async Task Request_CanBeReadInTwoWays_IsSaidWithTheReasonThatIsCounted(string request, string reason, int status)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Options("Direct"), backend);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send(request, Cancellation);
        await client.ReadToEnd(Cancellation);
        var line = await EndsAs("refused", frontend, reason);
        Assert.Equal(status, Number(line, "status"));
    }

    [Fact]
    public async Task Body_IsTooLarge_IsSaid()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Options("Direct") with { MaxRequestBodySize = 10 }, backend);
        using var answer = await _client.PostAsync(new Uri(frontend.Http1, "/length"), new ByteArrayContent(new byte[11]), Cancellation);
        Assert.Equal(413, Number(await EndsAs("too_large", frontend, "limit.body"), "status"));
    }

    [Fact]
    public async Task Client_MayNotUseTheRoute_IsSaid()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Options("Direct") with { Access = RouteAccess.Write([], [IPNetwork.Parse("127.0.0.0/8")], [], []) }, backend);
        await Get(frontend, "/");
        Assert.Equal(("app", 403), await RouteAndStatus(EndsAs("access_denied", frontend, "access.denied")));
    }

    [Fact]
    public async Task Client_IsNobodyThatTheRouteKnows_IsSaid()
    {
        await using var backend = await Backend.Start();
        var options = Options("Direct") with { AuthorizationPolicy = "Default", Services = static services => services.AddAuthentication("none").AddScheme<AuthenticationSchemeOptions, NobodyHandler>("none", null) };
        await using var frontend = await FrontendHost.Start(options, backend);
        await Get(frontend, "/");
        Assert.Equal(("app", 401), await RouteAndStatus(EndsAs("unauthorized", frontend)));
    }

    [Theory]
    [InlineData(WhenUnreachable.Share, "rate_limited", "rejected_alone")]
    [InlineData(WhenUnreachable.Deny, "limit_unavailable", "unavailable")]
    public async Task Limit_DoesNotAdmit_IsSaidWithThePolicyAndItsDecision(WhenUnreachable unreachable, string reason, string decision)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Options("Direct") with { RateLimit = Bucket(unreachable) }, backend);
        frontend.Services.GetRequiredService<LimitShare>().Told(2);
        frontend.Services.GetRequiredService<ClusterContact>().Made();
        frontend.Clock.Advance(TimeSpan.FromSeconds(4.5));
        Assert.Equal(HttpStatusCode.TooManyRequests, await Get(frontend, "/"));
        var line = await EndsAs(reason, frontend);
        Assert.Equal((decision, "perClient"), (line.GetProperty("limit").GetString(), line.GetProperty("limit_policy").GetString()));
    }

    [Fact]
    public async Task Memory_IsShort_IsSaid()
    {
        await using var backend = await Backend.Start();
        // It would take back at once what the test says.
        var options = Options("Direct") with { Services = static services => services.Remove(services.Single(static service => service.ImplementationType == typeof(MemoryWatch))) };
        await using var frontend = await FrontendHost.Start(options, backend);
        frontend.Services.GetRequiredService<OverloadGate>().Level = OverloadLevel.Requests;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Get(frontend, "/"));
        await EndsAs("overload", frontend, "overload.memory");
    }

    [Fact]
    public async Task Queue_IsFullOrTakesTooLong_IsSaid()
    {
        await using var backend = await HoldingBackend.Start();
        await using var frontend = await Limited(backend, One);
        var held = _client.GetAsync(frontend.Http1, Cancellation);
        await Eventually.Is(() => backend.Inside == 1);
        var waits = _client.GetAsync(frontend.Http1, Cancellation);
        await Eventually.Is(() => Pool(frontend).Admission.Waiting == 1);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Get(frontend, "/"));
        Assert.Equal(0, (await EndsAs("queue_full", frontend)).GetProperty("queue_ms").GetDecimal());
        await Eventually.Is(() =>
        {
            frontend.Clock.Advance(One.QueueTimeout);
            return waits.IsCompleted;
        });
        var line = await EndsAs("queue_timeout", frontend, count: 2);
        Assert.InRange(line.GetProperty("queue_ms").GetDecimal(), (decimal)One.QueueTimeout.TotalMilliseconds, decimal.MaxValue);
        backend.Release();
        (await held).Dispose();
        (await waits).Dispose();
    }

    [Fact]
    public async Task Session_WaitsForItsBackend_IsSaid()
    {
        await using var backend = await Backend.Start();
        await using var other = await Backend.Start("b");
        var options = Options("Direct") with { Affinity = new SessionAffinityConfig { Enabled = true, Policy = "ClusterCookie", AffinityKeyName = FrontendHost.CookieName, FailurePolicy = "Return503Error" } };
        await using var frontend = await FrontendHost.Start(options, backend, other);
        var first = await CookieAnswer.Get(_client, new Uri(frontend.Http1, "/id"), null);
        Assert.Equal("balance", (await EndsAs("ok", frontend)).GetProperty("affinity").GetString());
        frontend.Judge(id => (id != first.Body, id != first.Body));

        var refused = await CookieAnswer.Get(_client, new Uri(frontend.Http1, "/id"), first.Cookie);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal("refuse", (await EndsAs("session_refused", frontend, count: 2)).GetProperty("affinity").GetString());
    }

    [Fact]
    public async Task Path_IsOfNoRoute_IsSaid()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Options("Direct") with { Path = "/id" }, backend);
        Assert.Equal(HttpStatusCode.NotFound, await Get(frontend, "/other"));
        Assert.False((await EndsAs("no_route", frontend)).TryGetProperty("route", out _));
    }

    [Fact]
    public async Task Frontend_HasNoConfiguration_IsSaid()
    {
        var folder = Directory.CreateTempSubdirectory("orleanslb");
        await using (var frontend = await ClusterFrontend.Start(folder.FullName, grains: null, settings: _log.Settings))
        {
            using var answer = await _client.GetAsync(frontend.Address, Cancellation);
            Assert.Equal("no_configuration", (await _log.Last(frontend.Services)).GetProperty("reason").GetString());
        }

        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pool_HasNoBackendToTakeIt_IsSaid(bool isEmpty)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Options("Direct"), isEmpty ? [] : [backend]);
        if (!isEmpty)
            frontend.Judge(static _ => (false, false));
        // YARP hears of a verdict a moment later.
        await Eventually.Is(async () => await Get(frontend, "/id") == HttpStatusCode.ServiceUnavailable);
        await _log.Has(frontend.Services, "\"reason\":\"no_backend\"");
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Backends_TakeNoConnection_IsSaidWithTheTries(string forwarder)
    {
        await using var frontend = await FrontendHost.Start(Options(forwarder), new Dictionary<string, string> { ["a"] = "http://127.0.0.1:1/", ["b"] = "http://127.0.0.1:1/" });
        Assert.Equal(HttpStatusCode.BadGateway, await Get(frontend, "/"));
        Assert.Equal(2, Number(await EndsAs("connect_failed", frontend), "tries"));
    }

    [Fact]
    public async Task Backend_RefusedAndAnotherAnswers_IsOkWithTheTriesAndTheLast()
    {
        await using var backend = await Backend.Start("live");
        await using var frontend = await FrontendHost.Start(Options("Direct"), new Dictionary<string, string> { ["dead"] = "http://127.0.0.1:1/", ["live"] = backend.Address });
        var tries = 0;
        for (var requests = 1; tries != 2; requests++)
        {
            await Get(frontend, "/id");
            var line = await EndsAs("ok", frontend, count: requests);
            tries = Number(line, "tries");
            Assert.Equal("live", line.GetProperty("backend").GetString());
        }
    }

    [Fact]
    public async Task Backend_TakesNoConnectionInTime_IsSaid()
    {
        // A queue of one, and full: what comes next is neither taken nor refused.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        using var first = new TcpClient();
        await first.ConnectAsync((IPEndPoint)listener.LocalEndPoint!, Cancellation);
        await using var frontend = await FrontendHost.Start(Options("Direct"), new Dictionary<string, string> { ["a"] = $"http://{listener.LocalEndPoint}/" });
        var asked = Get(frontend, "/");
        await Eventually.Is(() =>
        {
            frontend.Clock.Advance(TimeSpan.FromSeconds(0.5));
            return asked.IsCompleted;
        });
        await EndsAs("connect_timeout", frontend);
    }

    [Theory]
    [InlineData("Direct", false)]
    [InlineData("Direct", true)]
    [InlineData("Yarp", true)]
    public async Task Backend_EndsTheConnectionBeforeTheAnswer_IsSaid(string forwarder, bool byReset)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(Options(forwarder), backend.Alone);
        var asked = Get(frontend, "/");
        var connection = await backend.Next();
        await connection.ReadHead();
        if (byReset)
            connection.Reset();
        else
            connection.Close();
        Assert.Equal(HttpStatusCode.BadGateway, await asked);
        await EndsAs("backend_reset", frontend);
    }

    [Theory]
    [InlineData("Direct", false)]
    [InlineData("Direct", true)]
    [InlineData("Yarp", false)]
    public async Task Backend_DoesNotAnswerInTime_IsSaid(string forwarder, bool withBody)
    {
        await using var backend = new ScriptedBackend();
        // YARP's own goes by the machine's clock.
        await using var frontend = await FrontendHost.Start(Options(forwarder) with { ActivityTimeout = forwarder == "Yarp" ? TimeSpan.FromSeconds(0.3) : null }, backend.Alone);
        var asked = withBody ? _client.PostAsync(frontend.Http1, new ByteArrayContent(new byte[10]), Cancellation) : _client.GetAsync(frontend.Http1, Cancellation);
        await (await backend.Next()).ReadHead();
        frontend.Clock.Advance(TimeSpan.FromSeconds(31));
        using var answer = await asked;
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        await EndsAs("backend_timeout", frontend);
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Backend_BreaksOffWithinTheAnswer_IsSaid(string forwarder)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(Options(forwarder), backend.Alone);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);
        var connection = await backend.Next();
        await connection.Answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
        await client.ReadTo("hel", Cancellation);
        connection.Close();
        await client.ReadToEnd(Cancellation);
        await EndsAs("answer_broken", frontend);
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Backend_StopsWithinTheAnswer_IsSaid(string forwarder)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(Options(forwarder) with { ActivityTimeout = forwarder == "Yarp" ? TimeSpan.FromSeconds(0.5) : null }, backend.Alone);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);
        await (await backend.Next()).Answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
        await client.ReadTo("hel", Cancellation);
        frontend.Clock.Advance(TimeSpan.FromSeconds(61));
        await client.ReadToEnd(Cancellation);
        await EndsAs("answer_timeout", frontend);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "length_and_encoding")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n", "line_end")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n", "chunk")]
    public async Task Answer_CanBeReadInTwoWays_IsSaidWithTheReasonThatIsCounted(string answer, string reason)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(Options("Direct"), backend.Alone);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", Cancellation);
        await (await backend.Next()).Answer(answer);
        await client.ReadToEnd(Cancellation);
        await EndsAs("answer_refused", frontend, reason);
    }

    [Fact]
    public async Task WebSocket_IsSilentForTooLong_IsSaid()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Options("Direct") with { ActivityTimeout = TimeSpan.FromSeconds(0.5) }, backend);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(frontend.Http1) { Scheme = "ws", Path = "/socket" }.Uri, Cancellation);
        Assert.Equal(101, Number(await EndsAs("tunnel_timeout", frontend), "status"));
    }

    [Fact]
    public async Task Backend_IsDrainedForLongEnough_IsSaid()
    {
        await using var backend = await HoldingBackend.Start();
        await using var frontend = await FrontendHost.Start(Options("Direct"), new Dictionary<string, string> { ["a"] = backend.Address });
        var asked = Get(frontend, "/");
        await Eventually.Is(() => backend.Inside == 1);
        Assert.Equal(1, Pool(frontend).Slots[0].Exchanges.CutOff());
        await Assert.ThrowsAsync<HttpRequestException>(() => asked);
        await EndsAs("drained", frontend);
    }

    [Fact]
    public async Task Frontend_FailsItself_IsSaid()
    {
        await using var backend = await Backend.Start();
        await using var other = await Backend.Start("b");
        var options = Options("Direct") with { Policy = "Broken", Services = static services => services.AddSingleton<ILoadBalancingPolicy, BrokenPolicy>() };
        await using var frontend = await FrontendHost.Start(options, backend, other);
        Assert.Equal(HttpStatusCode.InternalServerError, await Get(frontend, "/"));
        Assert.Equal(500, Number(await EndsAs("failed", frontend), "status"));
    }

    private async Task<JsonElement> EndsAs(string reason, FrontendHost frontend, string? detail = null, int count = 1)
    {
        var line = await _log.Last(frontend.Services, count);
        Assert.Equal((reason, detail), (line.GetProperty("reason").GetString(), line.TryGetProperty("detail", out var shown) ? shown.GetString() : null));
        return line;
    }

    private static async Task<(string? Route, int Status)> RouteAndStatus(Task<JsonElement> line) => ((await line).GetProperty("route").GetString(), Number(await line, "status"));

    private static int Number(JsonElement line, string name) => line.GetProperty(name).GetInt32();

    private FrontendHostOptions Options(string forwarder)
    {
        var settings = _log.Settings;
        settings["OrleansLb:Frontend:Forwarder"] = forwarder;
        return new FrontendHostOptions { Settings = settings };
    }

    /// <summary>A front-end that no silo ever answered goes on alone after a while.</summary>
    private async Task<FrontendHost> Limited(HoldingBackend backend, ConcurrencyDefinition concurrency)
    {
        var frontend = await FrontendHost.Start(Options("Direct") with { Concurrency = concurrency }, new Dictionary<string, string> { [backend.Id] = backend.Address });
        frontend.Clock.Advance(SlotLease.FirstAnswerTime);
        await Eventually.Is(() => Pool(frontend).Slots.All(static slot => slot.Gate.Allowed > 0));
        return frontend;
    }

    private static RateLimitPolicyDefinition Bucket(WhenUnreachable unreachable) => new()
    {
        Name = "perClient",
        Algorithm = RateLimitAlgorithm.TokenBucket,
        TokenLimit = 10,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        WhenUnreachable = unreachable,
    };

    private static FrontendPool Pool(FrontendHost frontend) => frontend.Services.GetRequiredService<PoolTable>().Current[FrontendHost.PoolId];

    private async Task<HttpStatusCode> Get(FrontendHost frontend, string path)
    {
        using var answer = await _client.GetAsync(new Uri(frontend.Http1, path), Cancellation);
        return answer.StatusCode;
    }

    private sealed class BrokenPolicy : ILoadBalancingPolicy
    {
        public string Name => "Broken";

        public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations) => throw new InvalidOperationException("It is broken.");
    }
}
