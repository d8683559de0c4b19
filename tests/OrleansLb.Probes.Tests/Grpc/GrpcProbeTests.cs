using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Probes.Grpc;
using OrleansLb.Probes.Tests.Network;
using OrleansLb.Probes.Tests.Servers;

namespace OrleansLb.Probes.Tests.Grpc;

/// <summary>Against servers that answer as no gRPC server should.</summary>
public sealed class GrpcProbeTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly byte[] Serving = [0, 0, 0, 0, 2, 8, 1];

    private readonly FakeTimeProvider _clock = new();
    private readonly Prober _prober;

    public GrpcProbeTests() => _prober = new Prober(_clock);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _prober.Dispose();

    [Theory]
    [InlineData("00000000020801", "application/grpc", "0", ProbeOutcomeKind.Success, 0)]
    [InlineData("00000000020801", "application/grpc+proto", "0", ProbeOutcomeKind.Success, 0)]
    [InlineData("0000000006120161" + "080110", "application/grpc", "0", ProbeOutcomeKind.Malformed, 0)]
    [InlineData("0000000005120161" + "0801", "application/grpc", "0", ProbeOutcomeKind.Success, 0)]
    [InlineData("0000000000", "application/grpc", "0", ProbeOutcomeKind.NotServing, 0)]
    [InlineData("00000000020802", "application/grpc", "0", ProbeOutcomeKind.NotServing, 0)]
    [InlineData("00000000020807", "application/grpc", "0", ProbeOutcomeKind.NotServing, 0)]
    [InlineData("00000000020801", "application/grpc", "14", ProbeOutcomeKind.NotServing, 14)]
    [InlineData("00000000020801", "application/grpc", null, ProbeOutcomeKind.Malformed, 0)]
    [InlineData("00000000020801", "application/grpc", "fine", ProbeOutcomeKind.Malformed, 0)]
    [InlineData("00000000020801", "text/html", "0", ProbeOutcomeKind.Malformed, 200)]
    [InlineData("01000000020801", "application/grpc", "0", ProbeOutcomeKind.Malformed, 0)]
    [InlineData("00000000030801", "application/grpc", "0", ProbeOutcomeKind.Malformed, 0)]
    [InlineData("00000000010801", "application/grpc", "0", ProbeOutcomeKind.Malformed, 0)]
    [InlineData("0000000002080100000000020801", "application/grpc", "0", ProbeOutcomeKind.Malformed, 0)]
    [InlineData("", "application/grpc", "0", ProbeOutcomeKind.Malformed, 0)]
    public async Task Run_Answer_IsJudged(string body, string contentType, string? grpcStatus, ProbeOutcomeKind kind, int status)
    {
        await using var server = await Answering(async context =>
        {
            context.Response.ContentType = contentType;
            await context.Response.Body.WriteAsync(Convert.FromHexString(body), context.RequestAborted);
            if (grpcStatus is not null)
                context.Response.AppendTrailer("grpc-status", grpcStatus);
        });
        var outcome = await _prober.Run(To(server.Address), Cancelled);
        Assert.Equal((kind, status), (outcome.Kind, outcome.Status));
    }

    [Fact]
    public async Task Run_HttpStatusIsNot200_IsWrongStatus()
    {
        await using var server = await Answering(static context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
        var outcome = await _prober.Run(To(server.Address), Cancelled);
        Assert.Equal((ProbeOutcomeKind.WrongStatus, 503), (outcome.Kind, outcome.Status));
    }

    [Fact]
    public async Task Run_AnswerWithoutEnd_IsMalformedAndNotReadOn()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await Answering(async context =>
        {
            // What is written after the prober has gone is thrown away, faster than the server hears that it has gone.
            using var gone = context.RequestAborted.Register(() => left.TrySetResult());
            context.Response.ContentType = "application/grpc";
            for (var piece = new byte[64 * 1024]; !left.Task.IsCompleted;)
                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
        });
        Assert.Equal(ProbeOutcomeKind.Malformed, (await _prober.Run(To(server.Address), Cancelled)).Kind);
        await left.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    [Fact]
    public async Task Run_OneByteASecond_TimesOutAfterTheTimeout()
    {
        await using var server = await Answering(async context =>
        {
            context.Response.ContentType = "application/grpc";
            for (var i = 0; i < 100 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(Serving.AsMemory(i % 5, 1), context.RequestAborted);
                _clock.Advance(TimeSpan.FromSeconds(1));
            }
        });
        Assert.Equal(ProbeOutcomeKind.TimedOut, (await _prober.Run(To(server.Address), Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_Call_IsThatOfAGrpcClient()
    {
        var asked = new TaskCompletionSource<(string Method, string Path, string Host, string? Type, string Te, string Token, byte[] Body)>();
        await using var server = await Answering(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var request = context.Request;
            asked.SetResult((request.Method, request.Path, request.Host.Value!, request.ContentType, request.Headers.TE.ToString(), request.Headers.Authorization.ToString(), body.ToArray()));
        });
        await _prober.Run(To(server.Address) with { Service = "a.B", Host = "shop.test", Headers = [new ProbeHeader("Authorization", "Bearer x")] }, Cancelled);
        var (method, path, host, type, te, token, sent) = await asked.Task;
        Assert.Equal(("POST", "/grpc.health.v1.Health/Check", "shop.test", "application/grpc", "trailers", "Bearer x"), (method, path, host, type, te, token));
        Assert.Equal([0, 0, 0, 0, 5, 0x0A, 3, (byte)'a', (byte)'.', (byte)'B'], sent);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("-ERR unknown command 'PRI'\r\n")]
    public async Task Run_GarbageInsteadOfHttp2_IsMalformed(string answer)
    {
        await using var server = new ScriptedServer(async (socket, stopped) =>
        {
            await ScriptedServer.Send(socket, answer, stopped);
            await Task.Delay(Timeout.Infinite, stopped);
        });
        Assert.Equal(ProbeOutcomeKind.Malformed, (await _prober.Run(To(server.Address), Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_HangsUpAtOnce_IsReset()
    {
        await using var server = new ScriptedServer(static (_, _) => Task.CompletedTask);
        Assert.Equal(ProbeOutcomeKind.Reset, (await _prober.Run(To(server.Address), Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_TlsAlert_IsMalformed()
    {
        await using var server = new ScriptedServer(static (socket, stopped) => ScriptedServer.Send(socket, TlsBytes.Alert, stopped));
        Assert.Equal(ProbeOutcomeKind.Malformed, (await _prober.Run(To(server.Address), Cancelled)).Kind);
    }

    /// <param name="afterRequest">What comes after the server's settings, once the request is there. Then the server hangs up.</param>
    /// <param name="kind">What the probe makes of it.</param>
    [Theory]
    [InlineData("", ProbeOutcomeKind.Reset)]
    [InlineData("0000140104", ProbeOutcomeKind.Reset)]
    [InlineData("000004030000000001" + "00000002", ProbeOutcomeKind.Reset)]
    [InlineData("000004030000000001" + "0000000D", ProbeOutcomeKind.Malformed)]
    [InlineData("000008070000000000" + "00000000" + "00000000", ProbeOutcomeKind.Reset)]
    [InlineData("000001000000000009" + "00", ProbeOutcomeKind.Malformed)]
    [InlineData("48545450" + "2F312E3120", ProbeOutcomeKind.Malformed)]
    public async Task Run_BadFrames_AreResetOrMalformed(string afterRequest, ProbeOutcomeKind kind)
    {
        await using var server = new ScriptedServer(
            async (socket, stopped) =>
            {
                await ScriptedServer.Send(socket, Http2Bytes.Settings, stopped);
                await Http2Bytes.ReadToRequest(socket, stopped);
                await ScriptedServer.Send(socket, Convert.FromHexString(afterRequest), stopped);
                socket.Shutdown(SocketShutdown.Send);

                // To hang up with something unread would be a reset.
                while (await socket.ReceiveAsync(new byte[1024], stopped) > 0)
                {
                }
            },
            waitsForHead: false);
        Assert.Equal(kind, (await _prober.Run(To(server.Address), Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_TlsAskedOfAPlainServer_IsTlsFailed()
    {
        await using var server = new ScriptedServer(static (socket, stopped) => ScriptedServer.Send(socket, TlsBytes.Alert, stopped));
        var target = To(new UriBuilder(server.Address) { Scheme = "https" }.Uri);
        Assert.Equal(ProbeOutcomeKind.TlsFailed, (await _prober.Run(target, Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_SettingsAndThenSilence_TimesOutAfterTheTimeout()
    {
        await using var server = new ScriptedServer(static async (socket, stopped) =>
        {
            await ScriptedServer.Send(socket, Http2Bytes.Settings, stopped);
            await Task.Delay(Timeout.Infinite, stopped);
        });
        var network = new ReadSignal();
        using var prober = new Prober(_clock, network);
        var probe = prober.Run(To(server.Address), Cancelled).AsTask();
        await network.Next(Cancelled);
        _clock.Advance(Limit);
        var outcome = await probe;
        Assert.Equal((ProbeOutcomeKind.TimedOut, Limit), (outcome.Kind, outcome.Duration));
    }

    [Fact]
    public async Task Run_NobodyListens_IsRefused()
    {
        var server = new ScriptedServer(static (_, _) => Task.CompletedTask);
        var address = server.Address;
        await server.DisposeAsync();
        Assert.Equal(ProbeOutcomeKind.Refused, (await _prober.Run(To(address), Cancelled)).Kind);
    }

    private static Task<WebServer> Answering(RequestDelegate answer) => WebServer.Start(HttpProtocols.Http2, application => application.Run(answer));

    private static GrpcProbeTarget To(Uri address) => new(new Uri(address, "/grpc.health.v1.Health/Check"), null, "", Limit);
}
