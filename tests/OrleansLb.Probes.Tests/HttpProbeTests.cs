using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Core.Health;

namespace OrleansLb.Probes.Tests;

public sealed class HttpProbeTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    // Only the tests that advance it time out: a slow machine cannot turn an answer into a timeout.
    private readonly FakeTimeProvider _clock = new();
    private readonly HttpProbe _probe;

    public HttpProbeTests() => _probe = new HttpProbe(_clock);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _probe.Dispose();

    [Theory]
    [InlineData("200 OK", ProbeOutcomeKind.Success, 200)]
    [InlineData("204 No Content", ProbeOutcomeKind.Success, 204)]
    [InlineData("302 Found\r\nLocation: /elsewhere", ProbeOutcomeKind.WrongStatus, 302)]
    [InlineData("404 Not Found", ProbeOutcomeKind.WrongStatus, 404)]
    [InlineData("500 Internal Server Error", ProbeOutcomeKind.WrongStatus, 500)]
    [InlineData("503 Service Unavailable", ProbeOutcomeKind.WrongStatus, 503)]
    public async Task Run_BackendAnswers_OutcomeIsItsStatus(string status, ProbeOutcomeKind kind, int code)
    {
        await using var server = Answering($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        var outcome = await _probe.Run(To(server), Cancelled);
        Assert.Equal((kind, code), (outcome.Kind, outcome.Status));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Run_AsksWithTheConfiguredHostOnAConnectionOfItsOwn()
    {
        await using var server = Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        var target = To(server) with { Host = "app.example" };
        await _probe.Run(target, Cancelled);
        await _probe.Run(target, Cancelled);
        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, request =>
        {
            Assert.StartsWith("GET /health?full=1 HTTP/1.1\r\n", request, StringComparison.Ordinal);
            Assert.Contains("\r\nHost: app.example\r\n", request, StringComparison.Ordinal);
            Assert.Contains("\r\nUser-Agent: OrleansLb-probe\r\n", request, StringComparison.Ordinal);
            Assert.Contains("\r\nConnection: close\r\n", request, StringComparison.Ordinal);
            Assert.DoesNotContain("traceparent", request, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task Run_NobodyListens_IsRefused()
    {
        var server = Answering("");
        var target = To(server);
        await server.DisposeAsync();
        Assert.Equal(ProbeOutcomeKind.Refused, (await _probe.Run(target, Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_ConnectionIsReset_IsReset()
    {
        await using var server = new ScriptedServer(static (socket, _) =>
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
            return Task.CompletedTask;
        });
        Assert.Equal(ProbeOutcomeKind.Reset, (await _probe.Run(To(server), Cancelled)).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")]
    public async Task Run_ConnectionIsClosedBeforeTheEnd_IsReset(string answer)
    {
        await using var server = Answering(answer);
        Assert.Equal(ProbeOutcomeKind.Reset, (await _probe.Run(To(server), Cancelled)).Kind);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n")]
    [InlineData("HTTP/1.1 banana\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public async Task Run_AnswerIsNotHttp_IsMalformed(string answer)
    {
        await using var server = Answering(answer);
        Assert.Equal(ProbeOutcomeKind.Malformed, (await _probe.Run(To(server), Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_HeadNeverEnds_IsMalformed()
    {
        await using var server = Answering("HTTP/1.1 200 OK\r\nX-Big: " + new string('x', 100_000));
        Assert.Equal(ProbeOutcomeKind.Malformed, (await _probe.Run(To(server), Cancelled)).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    public async Task Run_BackendStallsBeforeTheBody_TimesOutAfterTheTimeout(string start)
    {
        await using var server = new ScriptedServer(async (socket, stopped) =>
        {
            await ScriptedServer.Send(socket, start, stopped);
            await Task.Delay(Timeout.Infinite, stopped);
        });
        var probe = _probe.Run(To(server), Cancelled).AsTask();
        await server.Asked.Task;
        Assert.False(probe.IsCompleted);
        _clock.Advance(Limit);
        var outcome = await probe;
        Assert.Equal((ProbeOutcomeKind.TimedOut, Limit), (outcome.Kind, outcome.Duration));
    }

    [Fact]
    public async Task Run_BackendStallsInTheBody_TimesOutAfterTheTimeout()
    {
        await using var server = new ScriptedServer(static async (socket, stopped) =>
        {
            await ScriptedServer.Send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\ndrip", stopped);
            await Task.Delay(Timeout.Infinite, stopped);
        });
        using var heads = new HeadSignal();
        using var prober = new HttpProbe(_clock, heads);
        var probe = prober.Run(To(server), Cancelled).AsTask();
        await heads.Received.Task;
        _clock.Advance(Limit);
        Assert.Equal(ProbeOutcomeKind.TimedOut, (await probe).Kind);
    }

    [Fact]
    public async Task Run_HostAcceptsNoConnection_TimesOut()
    {
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)full.LocalEndPoint!).Port}/");

        // Nobody accepts: the request is sent into the backlog, or not even connected, and never answered.
        var probe = _probe.Run(new HttpProbeTarget(address, null, Limit), Cancelled).AsTask();
        _clock.Advance(Limit);
        Assert.Equal(ProbeOutcomeKind.TimedOut, (await probe).Kind);
    }

    [Fact]
    public async Task Run_EndlessBody_SucceedsAfterTheFirstPart()
    {
        await using var server = new ScriptedServer(static async (socket, stopped) =>
        {
            await ScriptedServer.Send(socket, "HTTP/1.1 200 OK\r\n\r\n", stopped);
            await ScriptedServer.Send(socket, new string('x', 70_000), stopped);
            await Task.Delay(Timeout.Infinite, stopped);
        });
        Assert.Equal(ProbeOutcomeKind.Success, (await _probe.Run(To(server), Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_NameHasNoAddress_IsNotResolved()
    {
        var outcome = await _probe.Run(new HttpProbeTarget(new Uri("http://backend.invalid/"), null, Limit), Cancelled);
        Assert.Equal(ProbeOutcomeKind.NameNotResolved, outcome.Kind);
    }

    [Fact]
    public async Task Run_PlainServerAskedForTls_IsTlsFailed()
    {
        await using var server = Answering("HTTP/1.1 400 Bad Request\r\n\r\n");
        var target = To(server) with { Uri = new UriBuilder(server.Address) { Scheme = "https" }.Uri };
        Assert.Equal(ProbeOutcomeKind.TlsFailed, (await _probe.Run(target, Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_CallerGivesUp_Throws()
    {
        await using var server = new ScriptedServer(static (_, stopped) => Task.Delay(Timeout.Infinite, stopped));
        using var give = new CancellationTokenSource();
        var probe = _probe.Run(To(server), give.Token).AsTask();
        await server.Asked.Task;
        await give.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);
    }

    private static HttpProbeTarget To(ScriptedServer server) => new(new Uri(server.Address, "/health?full=1"), null, Limit);

    private static ScriptedServer Answering(string answer) => new((socket, stopped) => ScriptedServer.Send(socket, answer, stopped));
}
