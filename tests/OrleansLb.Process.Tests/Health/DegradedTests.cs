using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OrleansLb.Process.Tests.Processes;
using OrleansLb.Process.Tests.Shared;

namespace OrleansLb.Process.Tests.Health;

/// <summary>What may take from a backend's share at both front-ends and never takes it out.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class DegradedTests(SharedCluster cluster) : IAsyncLifetime
{
    // Whole rounds both of 4, 4, 1 and of 1, 1, 1.
    private const int Requests = 90;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly DateTimeOffset _began = DateTimeOffset.UtcNow;
    private CheckedBackend[] _backends = [];

    public async ValueTask InitializeAsync() => _backends = await CheckedBackend.StartMany(3);

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in _backends)
            await backend.DisposeAsync();
    }

    [Fact]
    public async Task DeepCheck_FailsOfOneAndThenOfAll_TakesAShareAndRemovesNobody()
    {
        const string Reason = "its deep check fails: status 503";
        var pool = SharedCluster.PoolOf(_backends);
        ActiveCheck.ProbeOf(pool)["Deep"] = new JsonObject { ["Path"] = "/deep", ["Interval"] = "00:00:00.200", ["UnhealthyThreshold"] = 2, ["HealthyThreshold"] = 2 };
        await cluster.Serve(("Deep", pool));

        _backends[0].OnProbe = FailDeep;
        await cluster.Becomes("Deep", "b1", "Degraded", Reason);
        await BothCount("Deep", 10, 40, 40);
        await cluster.IsTold("Deep", "b1", new StateChange("Up", "Degraded", "ActiveProbe", Reason), _began);

        foreach (var backend in _backends)
            backend.OnProbe = FailDeep;
        foreach (var backend in _backends)
            await cluster.Becomes("Deep", backend.Name, "Degraded", Reason);
        await BothCount("Deep", 30, 30, 30);
        Assert.All(await Task.WhenAll(_backends.Select(backend => cluster.Backend("Deep", backend.Name))), static backend => Assert.True((bool)backend["takesNewSessions"]!));

        foreach (var backend in _backends)
            backend.OnProbe = static _ => Task.CompletedTask;
        foreach (var backend in _backends)
        {
            await cluster.Becomes("Deep", backend.Name, "Up", "its deep check does not fail any more");
            await cluster.IsTold("Deep", backend.Name, new StateChange("Degraded", "Up", "ActiveProbe", "its deep check does not fail any more"), _began);
        }

        Assert.DoesNotContain("Down", (await cluster.Events("Deep", "BackendStateChanged")).Select(static told => (string)told["change"]!["to"]!));
        cluster.Forget("Deep");
    }

    [Fact]
    public async Task Latency_OfOneIsFarAboveTheOthers_TakesItsShareUntilItIsQuickAgain()
    {
        var pool = SharedCluster.PoolOf(_backends);
        pool["HealthCheck"]!["Passive"] = new JsonObject { ["Enabled"] = true, ["Policy"] = "ClusterOutlier" };
        pool["OrleansLb"]!["Outlier"] = new JsonObject { ["Interval"] = "00:00:01", ["DegradedLatencyFactor"] = 4 };
        await cluster.Serve(("Latency", pool));
        await using var load = new OpenLoopLoad(120, cluster.Processes.Frontends.Select(static frontend => new Uri(frontend.Address, "/Latency/")));

        _backends[0].OnRequest = static context => Task.Delay(TimeSpan.FromSeconds(0.3), TimeProvider.System, context.RequestAborted);
        await cluster.Becomes("Latency", "b1", "Degraded", "ms on average, the pool's median is");
        await cluster.IsTold("Latency", "b1", new StateChange("Up", "Degraded", "Outlier", "ms on average"), _began);
        await BothCount("Latency", 10, 40, 40);

        _backends[0].OnRequest = static _ => Task.CompletedTask;
        await cluster.Becomes("Latency", "b1", "Up", "");
        await cluster.IsTold("Latency", "b1", new StateChange("Degraded", "Up", "Outlier", "no longer counted as slow"), _began);
        await BothCount("Latency", 30, 30, 30);
        Assert.All(await load.Stop(), static outcome => Assert.Equal(200, outcome.Status));
        cluster.Forget("Latency");
    }

    private static Task FailDeep(HttpContext context)
    {
        context.Response.StatusCode = context.Request.Path == "/deep" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return Task.CompletedTask;
    }

    /// <summary>Waits until each front-end gives the backends these parts of its requests, give or take what others send at the same time.</summary>
    private Task BothCount(string pool, params int[] expected) => SharedCluster.ByBoth(async frontend =>
    {
        int[] seen = [];
        await Eventually.Holds(
            $"front-end {frontend} gives shares of {string.Join(", ", expected)} in {pool}",
            Soon,
            async () => (seen = await Count(frontend, pool)).Zip(expected).All(static pair => Math.Abs(pair.First - pair.Second) <= 3),
            () => $"It gives {string.Join(", ", seen)}.\n{cluster.Processes.Logs()}");
    });

    private async Task<int[]> Count(int frontend, string pool)
    {
        var shares = await cluster.Shares(frontend, pool, Requests);
        return [.. _backends.Select(backend => shares.GetValueOrDefault(backend.Name))];
    }
}
