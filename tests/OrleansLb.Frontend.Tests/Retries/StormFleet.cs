using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Retries;

/// <summary>A cluster whose front-ends share one pool, <c>app</c>, and its budget; and clients that ask each of them again as soon as they are answered.</summary>
internal sealed class StormFleet : IAsyncDisposable
{
    private const int Frontends = 3;
    private const int Clients = 4;
    private const double MostForEach = 1.2;
    private const int MostPerSecond = 10;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("orleanslb");
    private readonly Disposables<ClusterFrontend> _frontends = new();
    private readonly HttpClient _client = new();
    private readonly InProcessTestCluster _cluster;
    private long? _began;
    private int _requests;

    private StormFleet(InProcessTestCluster cluster) => _cluster = cluster;

    /// <param name="backends">Addresses of the pool's backends.</param>
    /// <param name="settings">What is configured besides.</param>
    internal static async Task<StormFleet> Start(IEnumerable<string> backends, params (string Key, string? Value)[] settings)
    {
        var fleet = new StormFleet(await TestClusters.Start(silos: 2));
        await fleet._cluster.Client.Apply(TestConfigurations.OnePool([.. backends]).With(settings));
        for (var i = 0; i < Frontends; i++)
            fleet._frontends.Add(await ClusterFrontend.Start(Path.Combine(fleet._directory.FullName, $"{i}"), fleet._cluster.Client, id: $"fe-{i}"));
        // Each knows how many they are, and so what is its share.
        foreach (var frontend in fleet._frontends)
        {
            var pools = frontend.Services.GetRequiredService<PoolTable>();
            await Eventually.Is(() => pools.Current.TryGetValue("app", out var pool) && pool.Load.View.Traffic.Fleet == Frontends);
        }

        return fleet;
    }

    /// <summary>Has every client ask so often, and says how many requests that were and how many of them failed.</summary>
    internal async Task<(int Requests, int Failed)> Storm(int requestsOfEach)
    {
        _began ??= Stopwatch.GetTimestamp();
        var failed = await Task.WhenAll(_frontends.SelectMany(frontend => Enumerable.Range(0, Clients).Select(_ => Ask(frontend.Address, requestsOfEach))));
        var requests = failed.Length * requestsOfEach;
        _requests += requests;
        return (requests, failed.Sum());
    }

    /// <summary>What all backends have seen is within the budget of all requests so far.</summary>
    internal void AssertIsWithinBudget(int tries)
    {
        var passed = Stopwatch.GetElapsedTime(_began!.Value).TotalSeconds;
        // Each front-end begins with what a second gives it.
        var most = (MostForEach * _requests) + (MostPerSecond * (passed + 1));
        Assert.True(tries <= most, $"{tries} tries of {_requests} requests in {passed:0.0} s; at most {most:0}");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _frontends.DisposeAsync();
        await _cluster.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private async Task<int> Ask(Uri frontend, int times)
    {
        var failed = 0;
        for (var i = 0; i < times; i++)
        {
            using var answer = await _client.GetAsync(frontend, TestContext.Current.CancellationToken);
            if (!answer.IsSuccessStatusCode)
                failed++;
        }

        return failed;
    }
}
