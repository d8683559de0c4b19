using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Frontend.Http.Routing;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Routing;

/// <summary>The configuration changes while requests and a WebSocket are under way at two front-ends.</summary>
public sealed class ChangesUnderLoadTests : IAsyncLifetime
{
    private const int Changes = 100;
    private const string Clusters = "ReverseProxy:Clusters:";
    private const string Routes = "ReverseProxy:Routes:";

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly List<Backend> _backends = [];
    private readonly List<ClusterFrontend> _frontends = [];
    private readonly HttpClient _client = new();
    private InProcessTestCluster _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
            _backends.Add(await Backend.Start($"b{i}"));
        _cluster = await TestClusters.Start();
        await _cluster.Client.Apply(Document(0));
        for (var i = 0; i < 2; i++)
            _frontends.Add(await ClusterFrontend.Start(Path.Combine(_directory, $"{i}"), _cluster.Client, id: $"fe-{i}"));
        await Everywhere(1);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var frontend in _frontends)
            await frontend.DisposeAsync();
        await _cluster.DisposeAsync();
        foreach (var backend in _backends)
            await backend.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Configuration_ChangesAHundredTimes_NoRequestFailsAndNoWebSocketIsCut()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(_frontends[0].Address) { Scheme = "ws", Path = "/socket" }.Uri, Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var clients = _frontends.SelectMany(static frontend => Enumerable.Repeat(frontend, 2)).Select(frontend => Task.Run(() => Ask(frontend, stop.Token), Cancellation)).ToArray();

        for (var change = 1; change <= Changes; change++)
        {
            await Everywhere(await _cluster.Client.Apply(Document(change)));
            Assert.Equal($"{change}", await Echo(socket, $"{change}"));
        }

        await stop.CancelAsync();
        var answers = await Task.WhenAll(clients);
        Assert.All(answers.SelectMany(static each => each), static answer => Assert.Equal(200, answer.Key));
        Assert.True(answers.Sum(static each => each.Values.Sum()) > Changes);
        Assert.Equal(WebSocketState.Open, socket.State);
    }

    /// <summary>Weights, backends, pools, routes and how they are divided: each change has some of it.</summary>
    private SettingsDocument Document(int change)
    {
        var settings = new List<(string Key, string? Value)>
        {
            ($"{Clusters}app:LoadBalancingPolicy", change % 3 == 0 ? "WeightedRoundRobin" : "ClusterLeastRequests"),
            ($"{Clusters}app:Destinations:b0:OrleansLb:Weight", $"{1 + (change % 7)}"),
            ($"{Clusters}other:Destinations:c{change % 2}:Address", _backends[1 + (change % 2)].Address),
            ($"{Routes}app:OrleansLb:Split:Weights:app", "9"),
            ($"{Routes}app:OrleansLb:Split:Weights:other", $"{change % 4}"),
            ($"{Routes}extra{change % 5}:ClusterId", "other"),
            ($"{Routes}extra{change % 5}:Match:Path", $"/extra/{change}"),
        };
        if (change % 2 == 0)
            settings.Add(($"{Clusters}app:Destinations:b1:Address", _backends[1].Address));
        if (change % 3 == 0)
            settings.Add(($"{Clusters}third:Destinations:t:Address", _backends[2].Address));
        return TestConfigurations.OnePool(_backends[0].Address).With([.. settings]);
    }

    private async Task Everywhere(long version)
    {
        foreach (var frontend in _frontends)
        {
            var routes = frontend.Services.GetRequiredService<RoutesInForce>();
            await Eventually.Is(() => routes.Version >= version);
        }
    }

    /// <summary>Asks until it is told to stop.</summary>
    /// <returns>How many answers there were of each status; those that were none are of status 0.</returns>
    private async Task<Dictionary<int, int>> Ask(ClusterFrontend frontend, CancellationToken stop)
    {
        var answers = new Dictionary<int, int>();
        while (!stop.IsCancellationRequested)
        {
            var status = await Status(frontend);
            answers[status] = answers.GetValueOrDefault(status) + 1;
        }

        return answers;
    }

    private async Task<int> Status(ClusterFrontend frontend)
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri(frontend.Address, "/id"), Cancellation);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private static async Task<string> Echo(ClientWebSocket socket, string text)
    {
        await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Cancellation);
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer, Cancellation);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, received.Count);
    }
}
