using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansLb.Frontend.Tests.Protocols;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>What is spoken over TLS to backends that want a certificate.</summary>
public sealed class BackendTlsProtocolTests
{
    private const string Host = "localhost";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpProtocols.Http2, HttpVersionPolicy.RequestVersionExact, "HTTP/2")]
    [InlineData(HttpProtocols.Http1AndHttp2, HttpVersionPolicy.RequestVersionOrLower, "HTTP/2")]
    [InlineData(HttpProtocols.Http1, HttpVersionPolicy.RequestVersionOrLower, "HTTP/1.1")]
    public async Task Version_IsTheBestThatBothHave(HttpProtocols protocols, HttpVersionPolicy policy, string spoken)
    {
        await using var frontend = new BackendTlsFrontend();
        await using var backend = await Start(frontend, protocols, policy);

        var seen = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => frontend.Get("/protocol")));

        Assert.All(seen, one => Assert.Equal(spoken, one));
    }

    [Fact]
    public async Task Backend_LearnsHttp2Later_IsUnderstoodAllTheSame()
    {
        await using var frontend = new BackendTlsFrontend { Life = TimeSpan.Zero };
        await using var backend = await Start(frontend, HttpProtocols.Http1AndHttp2, HttpVersionPolicy.RequestVersionOrLower);
        backend.Speaks = [SslApplicationProtocol.Http11];
        Assert.Equal("HTTP/1.1", await frontend.Get("/protocol"));

        backend.Speaks = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

        Assert.Equal("HTTP/1.1", await frontend.Get("/protocol"));
    }

    [Fact]
    public async Task Grpc_UnaryAndStream_ReachABackendThatWantsACertificate()
    {
        await using var frontend = new BackendTlsFrontend();
        await using var backend = await Start(frontend, HttpProtocols.Http2, HttpVersionPolicy.RequestVersionExact);
        using var channel = GrpcChannel.ForAddress(frontend.Host.Http2);
        var client = new Echo.EchoClient(channel);

        Assert.Equal("hello", (await client.SayAsync(new Words { Text = "hello" }, cancellationToken: Cancellation)).Text);
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await client.SayAsync(new Words { Text = "fail" }, cancellationToken: Cancellation));
        Assert.Equal((StatusCode.FailedPrecondition, "as asked"), (failure.StatusCode, failure.Status.Detail));
        using var call = client.Converse(cancellationToken: Cancellation);
        foreach (var text in (string[])["one", "two", "three"])
        {
            await call.RequestStream.WriteAsync(new Words { Text = text }, Cancellation);
            Assert.True(await call.ResponseStream.MoveNext(Cancellation));
            Assert.Equal(text, call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Cancellation));
    }

    [Fact]
    public async Task WebSocket_Messages_ComeBack()
    {
        await using var frontend = new BackendTlsFrontend();
        await using var backend = await Start(frontend, HttpProtocols.Http1AndHttp2, HttpVersionPolicy.RequestVersionOrLower);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(frontend.Host.Http1) { Scheme = "ws", Path = "/socket" }.Uri, Cancellation);
        await socket.SendAsync("over tls"u8.ToArray(), WebSocketMessageType.Text, true, Cancellation);
        var buffer = new byte[16];

        var echo = await socket.ReceiveAsync(buffer, Cancellation);

        Assert.Equal("over tls", Encoding.ASCII.GetString(buffer, 0, echo.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
    }

    private static async Task<TlsBackend> Start(BackendTlsFrontend frontend, HttpProtocols protocols, HttpVersionPolicy policy)
    {
        var backend = await TlsBackend.Start(frontend.Authority.Server(Host), protocols);
        backend.Clients = [frontend.Authority];
        var options = new FrontendHostOptions { Tls = BackendTlsFrontend.Wanted, BackendVersion = HttpVersion.Version20, BackendVersionPolicy = policy };
        await frontend.Trusting(frontend.Authority).Showing(frontend.Authority.Client("frontend.example")).Start(options, backend);
        return backend;
    }
}
