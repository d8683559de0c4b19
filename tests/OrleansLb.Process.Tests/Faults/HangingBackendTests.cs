using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;
using OrleansLb.Process.Tests.Shared;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>A backend that takes connections and answers nothing any more.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class HangingBackendTests(SharedCluster cluster) : IAsyncLifetime
{
    private const string Pool = "Hanging";
    private const int Threshold = 3;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(0.5);

    private readonly BackendProcess[] _backends = [.. Enumerable.Range(1, 3).Select(static number => new BackendProcess($"b{number}", Ports.Next()))];

    public async ValueTask InitializeAsync()
    {
        foreach (var backend in _backends)
            await Eventually.Holds($"{backend.Name} answers", TimeSpan.FromSeconds(30), async () => await cluster.Processes.TryGet(new Uri(backend.Address, "/health")) is not null, () => backend.Output);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in _backends)
            await backend.DisposeAsync();
    }

    [Fact]
    public async Task Stop_HangingBackend_GetsNoNewRequestAfterTheBar()
    {
        await cluster.Serve((Pool, ProbedPool()));
        var hanging = _backends[0];
        await using var load = new OpenLoopLoad(100, cluster.Processes.Frontends.Select(static frontend => new Uri(frontend.Address, $"/{Pool}/")));
        await Eventually.Holds("it answers", TimeSpan.FromSeconds(20), () => Task.FromResult(load.Outcomes.Any(outcome => outcome.Backend == hanging.Name)), cluster.Processes.Logs);

        hanging.Signal(PosixSignals.Stop);
        var bar = (Interval * 1.1) + (Threshold * (Timeout + TimeSpan.FromSeconds(0.5))) + Timeout + TimeSpan.FromSeconds(1);
        var frozen = load.Elapsed;
        await Eventually.Holds("the bar has passed under load", bar + TimeSpan.FromSeconds(30), () =>
            Task.FromResult(load.Outcomes.Any(outcome => outcome.At > frozen + bar + TimeSpan.FromSeconds(2))), cluster.Processes.Logs);
        hanging.Signal(PosixSignals.Continue);

        var outcomes = await load.Stop();
        // Requests that it had accepted are answered once it thaws: they show which were sent to it, and when they were due.
        var late = outcomes.Where(outcome => outcome.Backend == hanging.Name && outcome.At > frozen + bar && outcome.At < frozen + bar + TimeSpan.FromSeconds(1.5)).ToList();
        Assert.True(late.Count == 0, $"{late.Count} requests reached it after {bar}, first: {late.FirstOrDefault()}\n{cluster.Processes.Logs()}");
        cluster.Forget(Pool);
    }

    private JsonObject ProbedPool() => new()
    {
        // By turns: a policy that sees load would leave one alone that answers nothing, whether or not anybody had found that out.
        ["LoadBalancingPolicy"] = "WeightedRoundRobin",
        ["HealthCheck"] = new JsonObject
        {
            ["Active"] = new JsonObject
            {
                ["Enabled"] = true,
                ["Policy"] = "ClusterConsecutiveFailures",
                ["Interval"] = $"{Interval:c}",
                ["Timeout"] = $"{Timeout:c}",
                ["Path"] = "/health",
            },
        },
        ["OrleansLb"] = new JsonObject { ["HealthCheck"] = new JsonObject { ["UnhealthyThreshold"] = Threshold } },
        ["Destinations"] = new JsonObject(_backends.Select(static backend => KeyValuePair.Create<string, JsonNode?>(backend.Name, new JsonObject { ["Address"] = backend.Address.ToString() }))),
    };
}
