using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;
using OrleansLb.Process.Tests.Shared;
using OrleansLb.Testing.Backends;

namespace OrleansLb.Process.Tests.Balancing;

/// <summary>Agents that speak HAProxy's words, through whole processes: what they say reaches both front-ends and the status.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class AgentTests(SharedCluster cluster) : IAsyncLifetime
{
    private const string Pool = "Agents";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly TestAgent[] _agents = [new() { Says = "up 100%" }, new() { Says = "20%" }, new() { Says = "20% maxconn:9 #small" }];
    private CheckedBackend[] _backends = [];

    public async ValueTask InitializeAsync() => _backends = await CheckedBackend.StartMany(_agents.Length);

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
            await agent.DisposeAsync();
        foreach (var backend in _backends)
            await backend.DisposeAsync();
    }

    [Fact]
    public async Task Agents_NameSharesAndDrain_BothFrontendsAndTheStatusFollow()
    {
        await cluster.Serve((Pool, AskedPool()));
        await BothCount(50, 10, 10);
        Assert.Equal("20% maxconn:9 #small", (string)(await Agent("b3"))["said"]!);
        Assert.Equal((20, "Ready", 9), ((int)(await Agent("b3"))["weightPercent"]!, (string)(await Agent("b3"))["service"]!, (int)(await Agent("b3"))["maxConnections"]!));

        _agents[0].Says = "drain #new version";
        await BothCount(0, 35, 35);
        var backend = await cluster.Backend(Pool, "b1");
        Assert.Equal(("Draining", "its agent says: drain #new version", false), ((string)backend["state"]!, (string)backend["reason"]!, (bool)backend["takesNewSessions"]!));

        _agents[0].Says = "ready";
        await BothCount(50, 10, 10);
        cluster.Forget(Pool);
    }

    private Task BothCount(params int[] expected) => SharedCluster.ByBoth(async frontend =>
    {
        int[] seen = [];
        await Eventually.Holds(
            $"front-end {frontend} sends {string.Join(", ", expected)}",
            Soon,
            async () => (seen = await Count(frontend, expected.Sum())).SequenceEqual(expected),
            () => $"It sends {string.Join(", ", seen)}.\n{cluster.Processes.Logs()}");
    });

    private async Task<int[]> Count(int frontend, int requests)
    {
        var shares = await cluster.Shares(frontend, Pool, requests);
        return [.. _backends.Select(backend => shares.GetValueOrDefault(backend.Name))];
    }

    private async Task<JsonNode> Agent(string backend) => (await cluster.Backend(Pool, backend))["agent"]!;

    private JsonObject AskedPool()
    {
        var pool = SharedCluster.PoolOf(_backends);
        pool["OrleansLb"]!["Agent"] = new JsonObject { ["Port"] = _agents[0].Port, ["Interval"] = "00:00:00.200" };
        foreach (var (agent, backend) in _agents.Zip(_backends))
            pool["Destinations"]![backend.Name]!["OrleansLb"] = new JsonObject { ["Agent"] = new JsonObject { ["Port"] = agent.Port } };
        return pool;
    }
}
