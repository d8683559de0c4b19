using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.Concurrency;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Retries;

/// <summary>A pool of the cluster all of whose backends are slower than a request waits before it goes to a second one, and what three front-ends make of that.</summary>
public sealed class HedgeStormTests : IAsyncLifetime
{
    private const int Clients = 4;
    private const int RequestsOfEach = 60;
    private const int PerSecond = 10;

    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(15);

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly List<HoldingBackend> _backends = [];
    private readonly List<ClusterFrontend> _frontends = [];
    private readonly HttpClient _client = new();
    private InProcessTestCluster _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
            _backends.Add(await HoldingBackend.Start($"b{i}", Slow));
        _cluster = await TestClusters.Start(silos: 2);
        await _cluster.Client.Apply(TestConfigurations.OnePool([.. _backends.Select(static backend => backend.Address)]).With(
            ("ReverseProxy:Clusters:app:LoadBalancingPolicy", "ClusterLeastRequests"),
            ("ReverseProxy:Routes:app:OrleansLb:Hedge:Delay", "00:00:00.001")));
        for (var i = 0; i < 3; i++)
            _frontends.Add(await ClusterFrontend.Start(Path.Combine(_directory, $"{i}"), _cluster.Client, id: $"fe-{i}"));
        // Each knows how many they are, and so what is its share.
        foreach (var frontend in _frontends)
        {
            var pools = frontend.Services.GetRequiredService<PoolTable>();
            await Eventually.Is(() => Task.FromResult(pools.Current.TryGetValue("app", out var pool) && pool.Load.View.Traffic.Fleet == _frontends.Count));
        }
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
    public async Task Tries_OfTheCluster_AreAFifthMoreThanRequestsAndTenASecond()
    {
        const int Requests = 3 * Clients * RequestsOfEach;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(_frontends.SelectMany(frontend => Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (var i = 0; i < RequestsOfEach; i++)
                await _client.GetStringAsync(frontend.Address, Cancellation);
        })));

        var tries = _backends.Sum(static backend => backend.Arrivals.Length);
        var passed = Stopwatch.GetElapsedTime(began).TotalSeconds;
        // Each front-end begins with what a second gives it.
        var most = (1.2 * Requests) + (PerSecond * (passed + 1));
        Assert.True(tries <= most, $"{tries} tries of {Requests} requests in {passed:0.0} s; at most {most:0}");
        Assert.True(tries > Requests, "No request went to a second backend.");
    }
}
