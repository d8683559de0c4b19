using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Retries;

/// <summary>A pool of the cluster half of whose answers are failures, and then all of them, and what three front-ends make of that.</summary>
public sealed class RetryStormTests : IAsyncLifetime
{
    private const int Clients = 4;
    private const int RequestsOfEach = 250;
    private const int PerSecond = 10;

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly List<ScriptedBackend> _backends = [];
    private readonly List<ClusterFrontend> _frontends = [];
    private readonly HttpClient _client = new();
    private InProcessTestCluster _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 4; i++)
            _backends.Add(await ScriptedBackend.Start($"b{i}", i < 2 ? 503 : 200));
        _cluster = await TestClusters.Start(silos: 2);
        await _cluster.Client.Apply(TestConfigurations.OnePool([.. _backends.Select(static backend => backend.Address)]).With(
            ("ReverseProxy:Clusters:app:LoadBalancingPolicy", "RoundRobin"),
            ("ReverseProxy:Clusters:app:OrleansLb:Retry:MaxAttempts", "4"),
            ("ReverseProxy:Clusters:app:OrleansLb:Retry:On:0", "500-599")));
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
        var began = Stopwatch.GetTimestamp();
        var (requests, failed) = await Storm();
        var tries = Tries(requests, began);
        // Half of the first tries fail. What is tried again may fail again, but most of it does not.
        Assert.True(tries > requests * 1.1, $"{tries} tries of {requests} requests");
        Assert.True(failed < requests / 2, $"{failed} of {requests} requests failed");

        foreach (var backend in _backends)
            backend.Status = 503;
        var (more, all) = await Storm();
        Tries(requests + more, began);
        Assert.Equal(more, all);
    }

    /// <summary>What the backends have seen so far.</summary>
    private int Tries(int requests, long began)
    {
        var tries = _backends.Sum(static backend => backend.Bodies.Count);
        var passed = Stopwatch.GetElapsedTime(began).TotalSeconds;
        // Each front-end begins with what a second gives it.
        var most = (1.2 * requests) + (PerSecond * (passed + 1));
        Assert.True(tries <= most, $"{tries} tries of {requests} requests in {passed:0.0} s; at most {most:0}");
        return tries;
    }

    private async Task<(int Requests, int Failed)> Storm()
    {
        var failed = 0;
        await Task.WhenAll(_frontends.SelectMany(frontend => Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (var i = 0; i < RequestsOfEach; i++)
            {
                using var answer = await _client.GetAsync(frontend.Address, Cancellation);
                if (!answer.IsSuccessStatusCode)
                    Interlocked.Increment(ref failed);
            }
        })));
        return (_frontends.Count * Clients * RequestsOfEach, failed);
    }
}
