using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Frontend.Http.Routing;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Rebalancing;

/// <summary>WebSockets through two front-ends, after a backend joined.</summary>
public sealed class RebalanceTests : IAsyncLifetime
{
    private const int Clients = 20;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("orleanslb");
    private readonly Disposables<Backend> _backends = new();
    private readonly Disposables<ClusterFrontend> _frontends = new();
    private InProcessTestCluster _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 2; i++)
            _backends.Add(await Backend.Start($"b{i}"));
        _cluster = await TestClusters.Start();
        var version = await _cluster.Client.Apply(Document(backends: 1));
        for (var i = 0; i < 2; i++)
            _frontends.Add(await ClusterFrontend.Start(Path.Combine(_directory.FullName, $"{i}"), _cluster.Client, id: $"fe-{i}"));
        await Everywhere(version);
    }

    public async ValueTask DisposeAsync()
    {
        await _frontends.DisposeAsync();
        await _cluster.DisposeAsync();
        await _backends.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Backend_Joins_ClientsAreToldToComeBackUntilItHasItsShare_AndNoMessageIsLost()
    {
        using var told = _frontends.ElementAt(0).Collect("OrleansLb.Frontend.Rebalancing", "orleanslb.connection.rebalanced");
        using var toldByTheOther = _frontends.ElementAt(1).Collect("OrleansLb.Frontend.Rebalancing", "orleanslb.connection.rebalanced");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var clients = Enumerable.Range(0, Clients).Select(client => Talk(_frontends.ElementAt(client % 2), stop.Token)).ToArray();
        await Eventually.Is(() => Connections(0) == Clients);

        await Everywhere(await _cluster.Client.Apply(Document(backends: 2)));
        // Twelve are a fifth more than its share.
        await Eventually.Is(() => Connections(0) is >= 8 and <= 12 && Connections(0) + Connections(1) == Clients);
        await stop.CancelAsync();

        var returns = await Task.WhenAll(clients);
        // What is reckoned with is as old as an exchange, so that some more than needed may go.
        Assert.InRange(returns.Sum(), 8, 14);
        var measured = told.GetMeasurementSnapshot().Concat(toldByTheOther.GetMeasurementSnapshot()).ToArray();
        Assert.Equal(returns.Sum(), measured.Sum(static one => one.Value));
        Assert.All(measured, static one => Assert.Equal("app", one.Tags["pool"]));
        // Each of the two moved a part.
        Assert.NotEmpty(told.GetMeasurementSnapshot());
        Assert.NotEmpty(toldByTheOther.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Client_IsToldAndStays_IsCutOff()
    {
        var deaf = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Connect(_frontends.ElementAt(0))));
        await Eventually.Is(() => Connections(0) == 4);

        await Everywhere(await _cluster.Client.Apply(Document(backends: 2)));

        // Two were too many, and nobody reads what they are told.
        await Eventually.Is(() => Connections(0) == 2);
        Assert.Equal(0, Connections(1));
        Array.ForEach(deaf, static client => client.Dispose());
    }

    private SettingsDocument Document(int backends) => TestConfigurations.OnePool([.. _backends.Take(backends).Select(static backend => backend.Address)]).With(
        ("ReverseProxy:Clusters:app:LoadBalancingPolicy", "ClusterLeastRequests"),
        ("ReverseProxy:Clusters:app:OrleansLb:Rebalance:MaxPerSecond", "8"),
        ("ReverseProxy:Clusters:app:OrleansLb:Rebalance:MinAge", "00:00:00"));

    private async Task Everywhere(long version)
    {
        foreach (var frontend in _frontends)
        {
            var routes = frontend.Services.GetRequiredService<RoutesInForce>();
            await Eventually.Is(() => routes.Version >= version);
        }
    }

    private int Connections(int backend) => _frontends.Sum(frontend => frontend.Services.GetRequiredService<PoolTable>().Current["app"] is var pool && backend < pool.Slots.Length ? pool.Slots[backend].Connections : 0);

    private static async Task<ClientWebSocket> Connect(ClusterFrontend frontend)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(frontend.Address) { Scheme = "ws", Path = "/socket" }.Uri, Cancellation);
        return socket;
    }

    /// <summary>Says something and hears it again, over and over; comes back when it is told to go.</summary>
    /// <returns>How often it was told.</returns>
    private static async Task<int> Talk(ClusterFrontend frontend, CancellationToken stop)
    {
        var (told, buffer) = (0, new byte[64]);
        var socket = await Connect(frontend);
        for (var word = 0; !stop.IsCancellationRequested; word++)
        {
            var said = BitConverter.GetBytes(word);
            await socket.SendAsync(said, WebSocketMessageType.Binary, true, Cancellation);
            var heard = await socket.ReceiveAsync(buffer, Cancellation);
            if (heard.MessageType != WebSocketMessageType.Close)
            {
                Assert.Equal(said, buffer.AsSpan(0, heard.Count).ToArray());
                await Task.Yield();
                continue;
            }

            Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
            await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, null, Cancellation);
            socket.Dispose();
            socket = await Connect(frontend);
            told++;
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
        socket.Dispose();
        return told;
    }
}
