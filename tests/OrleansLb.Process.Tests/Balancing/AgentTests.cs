using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;
using OrleansLb.Testing.Backends;

namespace OrleansLb.Process.Tests.Balancing;

/// <summary>Agents that speak HAProxy's words, through whole processes: what they say reaches both front-ends and the status.</summary>
public sealed class AgentTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly TestAgent[] _agents = [new() { Says = "up 100%" }, new() { Says = "20%" }, new() { Says = "20% maxconn:9 #small" }];
    private readonly HttpClient _client = new();
    private ProcessCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await ProcessCluster.Start(configure: AddAgents);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _cluster.DisposeAsync();
        foreach (var agent in _agents)
            await agent.DisposeAsync();
    }

    [Fact]
    public async Task Agents_NameSharesAndDrain_BothFrontendsAndTheStatusFollow()
    {
        await BothFrontendsCount(50, 10, 10);
        Assert.Equal("20% maxconn:9 #small", (string)(await Agent("b3"))["said"]!);
        Assert.Equal((20, "Ready", 9), ((int)(await Agent("b3"))["weightPercent"]!, (string)(await Agent("b3"))["service"]!, (int)(await Agent("b3"))["maxConnections"]!));

        _agents[0].Says = "drain #new version";
        await BothFrontendsCount(0, 35, 35);
        var backend = await Backend("b1");
        Assert.Equal(("Draining", "its agent says: drain #new version", false), ((string)backend["state"]!, (string)backend["reason"]!, (bool)backend["takesNewSessions"]!));

        _agents[0].Says = "ready";
        await BothFrontendsCount(50, 10, 10);
    }

    private async Task BothFrontendsCount(params int[] expected)
    {
        int[] seen = [];
        foreach (var frontend in _cluster.Frontends)
        {
            await Eventually.Holds(
                $"{frontend.Name} sends {string.Join(", ", expected)}",
                Soon,
                async () => (seen = await Count(frontend, expected.Sum())).SequenceEqual(expected),
                () => $"It sends {string.Join(", ", seen)}.\n{_cluster.Logs()}");
        }
    }

    private async Task<int[]> Count(FrontendProcess frontend, int requests)
    {
        var counts = new int[_agents.Length];
        for (var i = 0; i < requests; i++)
        {
            using var response = await _client.GetAsync(frontend.Address);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            counts[response.Headers.GetValues("X-Backend").Single()[1] - '1']++;
        }

        return counts;
    }

    private async Task<JsonNode> Agent(string id) => (await Backend(id))["agent"]!;

    private async Task<JsonNode> Backend(string id)
    {
        var status = await _cluster.GetStatus();
        return status!["pools"]!.AsArray().Single()!["backends"]!.AsArray().Single(backend => (string)backend!["id"]! == id)!;
    }

    private void AddAgents(JsonObject configuration)
    {
        var app = configuration["ReverseProxy"]!["Clusters"]!["app"]!;
        app["LoadBalancingPolicy"] = "WeightedRoundRobin";
        app["OrleansLb"] = new JsonObject { ["Agent"] = new JsonObject { ["Port"] = _agents[0].Port, ["Interval"] = "00:00:00.200" } };
        foreach (var (agent, number) in _agents.Zip(Enumerable.Range(1, _agents.Length)))
            app["Destinations"]![string.Create(CultureInfo.InvariantCulture, $"b{number}")]!["OrleansLb"] = new JsonObject { ["Agent"] = new JsonObject { ["Port"] = agent.Port } };
    }
}
