using System.Net;
using System.Net.WebSockets;
using System.Text;
using OrleansLb.LoadGenerator.Load;
using OrleansLb.LoadGenerator.WebSockets;

namespace OrleansLb.Simulation.Tests.Benchmarks;

/// <summary>WebSockets of the load and of the plain backend. By themselves, as all load is.</summary>
[Collection(nameof(HttpLoadTests))]
public sealed class WebSocketLoadTests
{
    private const string Upgrade = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    public async Task Message_OfAClientOfDotNet_ComesBackFromTheBackend(int length)
    {
        await using var backend = new RunningBackend();
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{backend.Address.Port}/"), TestContext.Current.CancellationToken);
        var message = new byte[length];
        Random.Shared.NextBytes(message);
        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, TestContext.Current.CancellationToken);
            Assert.Equal(message, await Receive(client, length));
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(10_000)]
    public async Task Run_PlainBackend_EveryMessageComesBack(int length)
    {
        await using var backend = new RunningBackend();
        using var load = Load(backend.Address, WebSocketMessage.FromServer(length), length);
        var result = load.Run(Pace.Fixed(50, TimeProvider.System.TimestampFrequency), Short, TestContext.Current.CancellationToken);
        Assert.Equal((10, 0, 0), (result.Answered, result.Failed, result.Unanswered));
    }

    [Fact]
    public async Task Run_SomethingElseComesBack_HasFailed()
    {
        await using var backend = new RunningBackend();
        using var load = Load(backend.Address, WebSocketMessage.FromServer(99), 100);
        var result = load.Run(Pace.Fixed(50, TimeProvider.System.TimestampFrequency), Short, TestContext.Current.CancellationToken);
        Assert.Equal((0, 10, "Something else than the message came back."), (result.Answered, result.Failed, result.FirstFailure));
    }

    [Fact]
    public async Task Connect_ServerThatRefuses_SaysWhat()
    {
        await using var server = new ScriptedServer("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", TimeSpan.Zero);
        var refused = Assert.Throws<IOException>(() => Load(server.Address, WebSocketMessage.FromServer(1), 1));
        Assert.Equal("A WebSocket was asked for, and answered with: HTTP/1.1 503 Service Unavailable", refused.Message);
    }

    private static HttpLoad Load(IPEndPoint server, byte[] awaited, int length) =>
        new(server, [.. Enumerable.Repeat(WebSocketMessage.FromClient(length), 2)], new ClientStyle(Opening: Encoding.ASCII.GetBytes(Upgrade), Awaited: awaited));

    private static async Task<byte[]> Receive(ClientWebSocket client, int length)
    {
        var (buffer, count) = (new byte[length + 1], 0);
        while (true)
        {
            var got = await client.ReceiveAsync(buffer.AsMemory(count), TestContext.Current.CancellationToken);
            count += got.Count;
            if (got.EndOfMessage)
                return buffer[..count];
        }
    }
}
