using System.Net.WebSockets;
using OrleansLb.Frontend.Http.WebSockets;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Draining;

public sealed class WebSocketFarewellTests
{
    private static readonly byte[] GoingAway = [0x88, 0x02, 0x03, 0xe9];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Stop_WebSocketIsOpen_IsToldShortlyBeforeTheTimeIsOver(string version)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        var address = version == "1.1" ? frontend.Http1 : frontend.Http2;
        await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/socket" }.Uri, invoker, Cancellation);
        await socket.SendAsync("one"u8.ToArray(), WebSocketMessageType.Text, true, Cancellation);
        var buffer = new byte[16];
        Assert.Equal(3, (await socket.ReceiveAsync(buffer, Cancellation)).Count);

        var stopped = frontend.Stop();
        var heard = socket.ReceiveAsync(buffer, Cancellation);
        var waited = TimeSpan.Zero;
        await Eventually.Is(() =>
        {
            // No further than to the end of the time, when others would end it.
            if (!heard.IsCompleted && waited < TimeSpan.FromSeconds(29))
            {
                frontend.Clock.Advance(TimeSpan.FromSeconds(1));
                waited += TimeSpan.FromSeconds(1);
            }

            return heard.IsCompleted;
        });

        Assert.Equal(WebSocketMessageType.Close, (await heard).MessageType);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        Assert.True(waited >= TimeSpan.FromSeconds(28), $"It was told after {waited}.");
        await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, null, Cancellation);
        // Nothing is left that would have to be cut off.
        await stopped;
    }

    [Fact]
    public async Task Part_InTheMiddleOfAFrame_FinishesItAndDropsWhatFollows()
    {
        var sent = new MemoryStream();
        await using var stream = new PartingStream(sent);
        await stream.WriteAsync(new byte[] { 0x82, 0x03, 1 }, Cancellation);

        await stream.Part();
        Assert.Equal([0x82, 0x03, 1], sent.ToArray());
        await stream.WriteAsync(new byte[] { 2, 3, 0x82, 0x01, 4 }, Cancellation);
        await stream.WriteAsync(new byte[] { 0x82, 0x01, 5 }, Cancellation);

        Assert.Equal([0x82, 0x03, 1, 2, 3, .. GoingAway], sent.ToArray());
    }

    [Fact]
    public async Task Part_BetweenFramesOfAMessage_IsToldThere()
    {
        var sent = new MemoryStream();
        await using var stream = new PartingStream(sent);
        await stream.WriteAsync(new byte[] { 0x02, 0x01, 1 }, Cancellation);

        await stream.Part();
        await stream.WriteAsync(new byte[] { 0x80, 0x01, 2 }, Cancellation);

        Assert.Equal([0x02, 0x01, 1, .. GoingAway], sent.ToArray());
    }

    [Fact]
    public async Task Part_TheBackendHasClosed_NothingIsSaidTwice()
    {
        var sent = new MemoryStream();
        await using var stream = new PartingStream(sent);
        await stream.WriteAsync(new byte[] { 0x88, 0x02, 0x03, 0xe8 }, Cancellation);

        await stream.Part();

        Assert.Equal([0x88, 0x02, 0x03, 0xe8], sent.ToArray());
    }
}
