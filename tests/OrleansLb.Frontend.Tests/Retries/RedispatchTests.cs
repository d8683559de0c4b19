using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Tests.Retries;

public sealed class RedispatchTests : IAsyncLifetime
{
    private readonly HttpClient _client = new();
    private Backend _backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _backend = await Backend.Start("live");

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _backend.DisposeAsync();
    }

    [Fact]
    public async Task ConnectionRefused_AnyMethodWithABody_GoesToAnotherBackendWhole()
    {
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), With(("dead1", Refusing()), ("dead2", Refusing())));
        using var redispatches = new MetricCollector<long>(
            frontend.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), "OrleansLb.Frontend.Health", "orleanslb.request.redispatches");
        var body = Enumerable.Range(0, 200_000).Select(static i => (byte)(i * 3)).ToArray();
        for (var i = 0; i < 6; i++)
        {
            using var response = await _client.PostAsync(new Uri(frontend.Http1, "/echo"), new ByteArrayContent(body), Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(body, await response.Content.ReadAsByteArrayAsync(Cancellation));
        }

        Assert.Equal(6, _backend.Requests);
        Assert.InRange(redispatches.GetMeasurementSnapshot().Count, 1, 12);
    }

    [Fact]
    public async Task ConnectionRefused_EveryBackend_IsABadGatewayAfterAFewAttempts()
    {
        var dead = Enumerable.Range(0, 9).ToDictionary(static i => $"d{i}", static _ => Refusing());
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), dead);
        using var redispatches = new MetricCollector<long>(
            frontend.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), "OrleansLb.Frontend.Health", "orleanslb.request.redispatches");
        using var response = await _client.GetAsync(new Uri(frontend.Http1, "/id"), Cancellation);
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(3, redispatches.GetMeasurementSnapshot().Count);
    }

    [Fact]
    public async Task ConnectionRefused_BackendIsHeldForASecond()
    {
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), With(("dead", Refusing())));
        for (var i = 0; i < 4; i++)
            Assert.Equal("live", await _client.GetStringAsync(new Uri(frontend.Http1, "/id"), Cancellation));

        var pool = frontend.Services.GetRequiredService<PoolTable>().Current[FrontendHost.PoolId];
        var dead = pool.IndexById["dead"];
        Assert.True(pool.Holds.IsHeld(dead, frontend.Clock.GetElapsedTime(0)));
        frontend.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(pool.Holds.IsHeld(dead, frontend.Clock.GetElapsedTime(0)));
        Assert.Null(pool.Slots[dead].LastAnswer);
        Assert.NotNull(pool.Slots[pool.IndexById["live"]].LastAnswer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ConnectionEndsBeforeTheAnswer_RequestThatMayBeDoneTwiceGoesToAnotherBackend(bool byReset)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var ended = End(listener, byReset);
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), With(("ending", $"http://{listener.LocalEndpoint}/")));

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Options, HttpMethod.Delete, HttpMethod.Get])
        {
            using var response = await _client.SendAsync(new HttpRequestMessage(method, new Uri(frontend.Http1, "/id")), Cancellation);
            Assert.NotEqual(HttpStatusCode.BadGateway, response.StatusCode);
            // Turns go on as if the one that was sent elsewhere had not been left alone since.
            frontend.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(4, _backend.Requests);
        listener.Stop();
        Assert.True(await ended > 0, "Nobody was sent to the backend that ends connections.");
    }

    [Fact]
    public async Task ConnectionEndsBeforeTheAnswer_AtEveryBackend_AnotherOneIsTriedAndNoMore()
    {
        var listeners = Enumerable.Range(0, 3).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
            listener.Start();
        var ended = listeners.Select(static listener => End(listener, byReset: false)).ToArray();
        await using var frontend = await FrontendHost.Start(
            new FrontendHostOptions(), listeners.ToDictionary(static listener => $"b{((IPEndPoint)listener.LocalEndpoint).Port}", static listener => $"http://{listener.LocalEndpoint}/"));

        using var response = await _client.GetAsync(new Uri(frontend.Http1, "/id"), Cancellation);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        foreach (var listener in listeners)
            listener.Stop();
        Assert.Equal(2, (await Task.WhenAll(ended)).Sum());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ConnectionEndsBeforeTheAnswer_RequestMayHaveBeenSeenAndIsNotRepeated(bool byReset)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var resets = End(listener, byReset);
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), With(("resetting", $"http://{listener.LocalEndpoint}/")));

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 2; i++)
        {
            using var response = await _client.PostAsync(new Uri(frontend.Http1, "/echo"), new StringContent("x"), Cancellation);
            statuses.Add(response.StatusCode);
        }

        Assert.Contains(HttpStatusCode.BadGateway, statuses);
        Assert.True(_backend.Requests < 2);
        // But the next ones go elsewhere for a second.
        var pool = frontend.Services.GetRequiredService<PoolTable>().Current[FrontendHost.PoolId];
        Assert.True(pool.Holds.IsHeld(pool.IndexById["resetting"], frontend.Clock.GetElapsedTime(0)));
        listener.Stop();
        await resets;
    }

    /// <summary>Ends each connection when it has heard something, and counts them.</summary>
    private static async Task<int> End(TcpListener listener, bool byReset)
    {
        var ended = 0;
        try
        {
            while (true)
            {
                using var socket = await listener.AcceptSocketAsync(Cancellation);
                await socket.ReceiveAsync(new byte[4096], Cancellation);
                ended++;
                if (byReset)
                    socket.LingerState = new LingerOption(true, 0);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return ended;
        }
    }

    private Dictionary<string, string> With(params (string Id, string Address)[] others) =>
        others.Append(("live", _backend.Address)).ToDictionary(static backend => backend.Item1, static backend => backend.Item2);

    /// <summary>An address where nobody listens.</summary>
    private static string Refusing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}/";
    }
}
