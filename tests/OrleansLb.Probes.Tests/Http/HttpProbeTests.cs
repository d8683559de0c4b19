using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Probes.Http;
using OrleansLb.Probes.Network;
using OrleansLb.Probes.Tests.Servers;

namespace OrleansLb.Probes.Tests.Http;

public sealed class HttpProbeTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    // Only the tests that advance it time out: a slow machine cannot turn an answer into a timeout.
    private readonly FakeTimeProvider _clock = new();
    private readonly Prober _prober;

    public HttpProbeTests() => _prober = new Prober(_clock);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _prober.Dispose();

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
        var outcome = await _prober.Run(To(server), Cancelled);
        Assert.Equal((kind, code), (outcome.Kind, outcome.Status));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Run_AsksWithTheConfiguredHostOnAConnectionOfItsOwn()
    {
        await using var server = Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        var target = To(server) with { Host = "app.example" };
        await _prober.Run(target, Cancelled);
        await _prober.Run(target, Cancelled);
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
        Assert.Equal(ProbeOutcomeKind.Refused, (await _prober.Run(target, Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_ConnectionIsReset_IsReset()
    {
        await using var server = new ScriptedServer(static (socket, _) =>
        {
            ScriptedServer.Reset(socket);
            return Task.CompletedTask;
        });
        Assert.Equal(ProbeOutcomeKind.Reset, (await _prober.Run(To(server), Cancelled)).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")]
    public async Task Run_ConnectionIsClosedBeforeTheEnd_IsReset(string answer)
    {
        await using var server = Answering(answer);
        Assert.Equal(ProbeOutcomeKind.Reset, (await _prober.Run(To(server), Cancelled)).Kind);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n")]
    [InlineData("HTTP/1.1 banana\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public async Task Run_AnswerIsNotHttp_IsMalformed(string answer)
    {
        await using var server = Answering(answer);
        Assert.Equal(ProbeOutcomeKind.Malformed, (await _prober.Run(To(server), Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_HeadNeverEnds_IsMalformed()
    {
        await using var server = Answering("HTTP/1.1 200 OK\r\nX-Big: " + new string('x', 100_000));
        Assert.Equal(ProbeOutcomeKind.Malformed, (await _prober.Run(To(server), Cancelled)).Kind);
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
        var probe = _prober.Run(To(server), Cancelled).AsTask();
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
        using var prober = new Prober(_clock, new TcpNetwork(), http: heads);
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
        var probe = _prober.Run(new HttpProbeTarget(address, null, Limit), Cancelled).AsTask();
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
        Assert.Equal(ProbeOutcomeKind.Success, (await _prober.Run(To(server), Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_NameHasNoAddress_IsNotResolved()
    {
        var outcome = await _prober.Run(new HttpProbeTarget(new Uri("http://backend.invalid/"), null, Limit), Cancelled);
        Assert.Equal(ProbeOutcomeKind.NameNotResolved, outcome.Kind);
    }

    [Fact]
    public async Task Run_PlainServerAskedForTls_IsTlsFailed()
    {
        await using var server = Answering("HTTP/1.1 400 Bad Request\r\n\r\n");
        var target = To(server) with { Uri = new UriBuilder(server.Address) { Scheme = "https" }.Uri };
        Assert.Equal(ProbeOutcomeKind.TlsFailed, (await _prober.Run(target, Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_CallerGivesUp_Throws()
    {
        await using var server = new ScriptedServer(static (_, stopped) => Task.Delay(Timeout.Infinite, stopped));
        using var give = new CancellationTokenSource();
        var probe = _prober.Run(To(server), give.Token).AsTask();
        await server.Asked.Task;
        await give.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);
    }

    [Theory]
    [InlineData("200-299,401", 401, ProbeOutcomeKind.Success)]
    [InlineData("401", 200, ProbeOutcomeKind.WrongStatus)]
    [InlineData("302", 302, ProbeOutcomeKind.Success)]
    public async Task Run_StatusIsComparedWithTheExpectedSet(string expected, int status, ProbeOutcomeKind kind)
    {
        Assert.True(HttpStatusSet.TryParse(expected, out var set));
        await using var server = Answering($"HTTP/1.1 {status} Status\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
        var outcome = await _prober.Run(To(server) with { ExpectedStatus = set }, Cancelled);
        Assert.Equal((kind, status), (outcome.Kind, outcome.Status));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nstate=ready now", ProbeOutcomeKind.Success)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nrea\r\n2\r\ndy\r\n0\r\n\r\n", ProbeOutcomeKind.Success)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nstarted", ProbeOutcomeKind.WrongContent)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", ProbeOutcomeKind.WrongContent)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\n\r\nready", ProbeOutcomeKind.WrongStatus)]
    public async Task Run_BodyIsSearchedForTheText(string answer, ProbeOutcomeKind kind)
    {
        await using var server = Answering(answer);
        Assert.Equal(kind, (await _prober.Run(To(server) with { BodyContains = "ready" }, Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_TextComesAfterTheFirst64KiB_IsWrongContent()
    {
        await using var server = new ScriptedServer(static async (socket, stopped) =>
        {
            await ScriptedServer.Send(socket, "HTTP/1.1 200 OK\r\n\r\n", stopped);
            await ScriptedServer.Send(socket, new string('x', 64 * 1024) + "ready", stopped);
            await Task.Delay(Timeout.Infinite, stopped);
        });
        Assert.Equal(ProbeOutcomeKind.WrongContent, (await _prober.Run(To(server) with { BodyContains = "ready" }, Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_AnswerOfMegabytes_IsNotReadToItsEnd()
    {
        const int Most = 64 * 1024 * 1024;
        var sent = new TaskCompletionSource<int>();
        await using var server = new ScriptedServer(async (socket, stopped) =>
        {
            await ScriptedServer.Send(socket, $"HTTP/1.1 200 OK\r\nContent-Length: {Most}\r\n\r\n", stopped);
            var total = 0;
            try
            {
                for (var piece = new byte[64 * 1024]; total < Most; total += piece.Length)
                    await ScriptedServer.Send(socket, piece, stopped);
            }
            catch (SocketException)
            {
                // The prober has gone, as it should.
                sent.TrySetResult(total);
            }

            sent.TrySetResult(total);
        });
        Assert.Equal(ProbeOutcomeKind.Success, (await _prober.Run(To(server), Cancelled)).Kind);
        Assert.True(await sent.Task < Most, "everything was taken");
    }

    [Fact]
    public async Task Run_OneByteAtATimeInTheBody_TimesOutAfterTheTimeout()
    {
        // The clock stands still but for one byte's worth of time after each byte.
        await using var server = new ScriptedServer(async (socket, stopped) =>
        {
            await ScriptedServer.Send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", stopped);
            for (var i = 0; i < 100; i++)
            {
                await ScriptedServer.Send(socket, "x", stopped);
                _clock.Advance(TimeSpan.FromSeconds(1));
            }

            await Task.Delay(Timeout.Infinite, stopped);
        });
        Assert.Equal(ProbeOutcomeKind.TimedOut, (await _prober.Run(To(server), Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_AsksWithTheConfiguredMethodAndHeaders()
    {
        await using var server = Answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        var target = To(server) with { Method = "HEAD", Headers = [new ProbeHeader("Authorization", "Bearer x"), new ProbeHeader("User-Agent", "mine")] };
        Assert.Equal(ProbeOutcomeKind.Success, (await _prober.Run(target, Cancelled)).Kind);
        var request = Assert.Single(server.Requests);
        Assert.StartsWith("HEAD /health?full=1 HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nAuthorization: Bearer x\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nUser-Agent: mine\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("OrleansLb-probe", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Post_HasAnEmptyBody()
    {
        await using var server = Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await _prober.Run(To(server) with { Method = "POST" }, Cancelled);
        Assert.Contains("\r\nContent-Length: 0\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_HostThatIsNone_IsSentAsTheAddress()
    {
        await using var server = Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(ProbeOutcomeKind.Success, (await _prober.Run(To(server) with { Host = "no host\r\nX: y" }, Cancelled)).Kind);
        Assert.Contains($"\r\nHost: 127.0.0.1:{server.Port}\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TlsAlertToAPlainProbe_IsReset()
    {
        await using var server = new ScriptedServer(static (socket, stopped) => ScriptedServer.Send(socket, TlsBytes.Alert, stopped));
        Assert.Equal(ProbeOutcomeKind.Reset, (await _prober.Run(To(server), Cancelled)).Kind);
    }

    private static HttpProbeTarget To(ScriptedServer server) => new(new Uri(server.Address, "/health?full=1"), null, Limit);

    private static ScriptedServer Answering(string answer) => new((socket, stopped) => ScriptedServer.Send(socket, answer, stopped));
}
