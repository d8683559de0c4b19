using System.Net;
using System.Net.WebSockets;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.Protocols;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

public sealed class InFlightTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_FromPickToEnd_IsCountedOnce()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        using var body = new GatedContent();

        var answer = client.PostAsync("/echo", body, Cancellation);
        await Eventually.Is(() => Slot(frontend).Requests == 1);
        body.Open();
        (await answer).Dispose();

        await Eventually.Is(() => Slot(frontend).Requests == 0);
        var traffic = Slot(frontend).Traffic;
        Assert.Equal((1, 1), (traffic.Arrivals, traffic.Completions));
        Assert.Equal(0, Slot(frontend).PickLoad);
    }

    [Fact]
    public async Task Request_ClientGoesAway_IsReleasedWithoutBlame()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        using var body = new GatedContent();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var answer = client.PostAsync("/echo", body, leave.Token);
        await Eventually.Is(() => Slot(frontend).Requests == 1);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);

        await Eventually.Is(() => Slot(frontend).Requests == 0);
        Assert.Equal(0, Slot(frontend).PickLoad);
    }

    [Fact]
    public async Task Request_BackendFailsAtOnce_WeighsAsMuchAsOneInFlight()
    {
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), new Dictionary<string, string> { ["a"] = "http://127.0.0.1:1/" });
        using var client = new HttpClient { BaseAddress = frontend.Http1 };

        using var answer = await client.GetAsync("/id", Cancellation);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        await Eventually.Is(() => Slot(frontend).Requests == 0);
        Assert.InRange(Slot(frontend).PickLoad, 0.9, 2);
    }

    [Fact]
    public async Task WebSocket_WhileOpen_IsAConnectionAndNoRequest()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var socket = new ClientWebSocket();

        await socket.ConnectAsync(new UriBuilder(frontend.Http1) { Scheme = "ws", Path = "/socket" }.Uri, Cancellation);
        await Eventually.Is(() => Slot(frontend) is { Requests: 0, Connections: 1 });
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);

        await Eventually.Is(() => Slot(frontend) is { Requests: 0, Connections: 0 });
        Assert.Equal((1, 0), (Slot(frontend).Traffic.Arrivals, Slot(frontend).Traffic.Completions));
    }

    [Fact]
    public async Task WebSocket_OverHttp2_IsAConnectionAndNoRequest()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());

        await socket.ConnectAsync(new UriBuilder(frontend.Http2) { Scheme = "ws", Path = "/socket" }.Uri, invoker, Cancellation);
        await Eventually.Is(() => Slot(frontend) is { Requests: 0, Connections: 1 });
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);

        await Eventually.Is(() => Slot(frontend) is { Requests: 0, Connections: 0 });
    }

    [Fact]
    public async Task GrpcCall_LastsLong_BecomesAConnection()
    {
        await using var backend = await Backend.Start(protocols: HttpProtocols.Http2);
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { BackendVersion = HttpVersion.Version20 }, backend);
        using var channel = GrpcChannel.ForAddress(frontend.Http2);
        using var call = new Echo.EchoClient(channel).Converse(cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new Words { Text = "hello" }, Cancellation);
        await call.ResponseStream.MoveNext(Cancellation);
        Assert.Equal((1, 0), (Slot(frontend).Requests, Slot(frontend).Connections));

        frontend.Clock.Advance(BackendSlot.LongestPlain);

        Assert.Equal((0, 1), (Slot(frontend).Requests, Slot(frontend).Connections));
        await call.RequestStream.CompleteAsync();
        await Eventually.Is(() => Slot(frontend) is { Requests: 0, Connections: 0 });
    }

    private static BackendSlot Slot(FrontendHost frontend) =>
        frontend.Services.GetRequiredService<PoolTable>().Current[FrontendHost.PoolId].Slots.Single();
}
