using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OrleansLb.Frontend.Tests.Protocols;

public sealed class ProtocolTests
{
    private static readonly FrontendHostOptions ToHttp2 = new() { BackendVersion = HttpVersion.Version20 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Http1_RequestWithBody_ComesBackUnchanged()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var body = Enumerable.Range(0, 300_000).Select(static i => (byte)(i * 7)).ToArray();
        using var response = await client.PostAsync("/echo", new ByteArrayContent(body), Cancellation);
        Assert.Equal(body, await response.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal("HTTP/1.1", await client.GetStringAsync("/protocol", Cancellation));
    }

    [Fact]
    public async Task Http2_WithoutTls_IsSpokenOnBothSides()
    {
        await using var backend = await Backend.Start(protocols: HttpProtocols.Http2);
        await using var frontend = await FrontendHost.Start(ToHttp2, backend);
        using var client = Http2Client(frontend);
        using var response = await client.GetAsync("/protocol", Cancellation);
        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal("HTTP/2", await response.Content.ReadAsStringAsync(Cancellation));
        var streams = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => client.PostAsync("/echo", JsonContent.Create(i), Cancellation)));
        var echoes = await Task.WhenAll(streams.Select(static stream => stream.Content.ReadFromJsonAsync<int>(Cancellation)));
        Assert.Equal(Enumerable.Range(0, 50), echoes);
    }

    [Fact]
    public async Task Http2_ToAnHttp1Backend_IsTranslated()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var client = Http2Client(frontend);
        Assert.Equal("HTTP/1.1", await client.GetStringAsync("/protocol", Cancellation));
    }

    [Fact]
    public async Task WebSocket_Messages_ComeBackAndTheCloseToo()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(frontend.Http1) { Scheme = "ws", Path = "/socket" }.Uri, Cancellation);
        var buffer = new byte[4096];
        foreach (var text in (string[])["one", "two", new string('x', 4000)])
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(text), WebSocketMessageType.Text, true, Cancellation);
            var echo = await socket.ReceiveAsync(buffer, Cancellation);
            Assert.Equal(text, Encoding.ASCII.GetString(buffer, 0, echo.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
        Assert.Equal("bye", socket.CloseStatusDescription);
    }

    [Fact]
    public async Task WebSocket_OverHttp2_ReachesAnHttp1Backend()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        await socket.ConnectAsync(new UriBuilder(frontend.Http2) { Scheme = "ws", Path = "/socket" }.Uri, invoker, Cancellation);
        await socket.SendAsync("over h2"u8.ToArray(), WebSocketMessageType.Text, true, Cancellation);
        var buffer = new byte[16];
        var echo = await socket.ReceiveAsync(buffer, Cancellation);
        Assert.Equal("over h2", Encoding.ASCII.GetString(buffer, 0, echo.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
    }

    [Fact]
    public async Task ServerSentEvents_FirstEvent_ArrivesBeforeTheSecondIsMade()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        using var reader = new StreamReader(await client.GetStreamAsync("/events", Cancellation));
        Assert.Equal("data: first", await reader.ReadLineAsync(Cancellation));
        EventSource.Confirmed.Release();
        Assert.Equal("", await reader.ReadLineAsync(Cancellation));
        Assert.Equal("data: second", await reader.ReadLineAsync(Cancellation));
    }

    private static HttpClient Http2Client(FrontendHost frontend) => new()
    {
        BaseAddress = frontend.Http2,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };
}
