using Orleans.TestingHost;
using OrleansLb.Core.Health;
using OrleansLb.Testing.Backends;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Health;

/// <summary>Agents, through a cluster to a front-end, and without the cluster.</summary>
public sealed class AgentTests : IAsyncLifetime
{
    private const string App = "ReverseProxy:Clusters:app:";

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly List<SwitchableBackend> _backends = [];
    private readonly List<TestAgent> _agents = [];
    private readonly HttpClient _client = new();
    private InProcessTestCluster _cluster = null!;
    private ClusterFrontend _frontend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            _backends.Add(await SwitchableBackend.Start($"b{i}"));
            _agents.Add(new TestAgent { Says = "100%" });
        }

        _cluster = await TestClusters.Start();
        await _cluster.Client.Apply(TestConfigurations.OnePool([.. _backends.Select(static backend => backend.Address)]).With(
        [
            (App + "LoadBalancingPolicy", "WeightedRoundRobin"),
            (App + "OrleansLb:Agent:Port", "1"),
            (App + "OrleansLb:Agent:Interval", "00:00:00.100"),
            .. _agents.Select(static (agent, i) => (App + $"Destinations:b{i}:OrleansLb:Agent:Port", (string?)$"{agent.Port}")),
        ]));
        _frontend = await ClusterFrontend.Start(_directory, _cluster.Client);
        await _frontend.Reaches(static pool => pool.Health.Statuses.ToArray().All(static status => status.Agent.WeightPercent == 100));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _frontend.DisposeAsync();
        await _cluster.DisposeAsync();
        foreach (var agent in _agents)
            await agent.DisposeAsync();
        foreach (var backend in _backends)
            await backend.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Agent_Says_RequestsFollow()
    {
        await RequestsGo(10, 10, 10);

        _agents[1].Says = "50%";
        await _frontend.Reaches(static pool => pool.Health.AgentWeightFactor(1) == 0.5);
        await RequestsGo(10, 5, 10);

        _agents[1].Says = "drain";
        await _frontend.Reaches(static pool => pool.Health.StateOf(1) == BackendState.Draining);
        await RequestsGo(10, 0, 10);

        // The half of before holds: only the drain was taken back.
        _agents[1].Says = "ready";
        await _frontend.Reaches(static pool => pool.Health.TakesNew(1));
        await RequestsGo(10, 5, 10);
    }

    [Fact]
    public async Task EverySilo_IsGone_TheFrontendAsksTheAgentsItself()
    {
        _agents[0].Says = "maint";
        _agents[1].Says = "50%";
        await _frontend.Reaches(static pool => pool.Health.StateOf(0) == BackendState.Maintenance && pool.Health.AgentWeightFactor(1) == 0.5);
        foreach (var silo in _cluster.Silos.ToArray())
            await _cluster.KillSiloAsync(silo, Cancellation);

        _agents[2].Says = "down";
        await _frontend.Reaches(static pool => pool.Health is { Epoch: Frontend.Health.PoolHealthView.LocalEpoch } && !pool.Health.TakesNew(2));
        await _frontend.Reaches(static pool => pool.Health.StateOf(0) == BackendState.Maintenance);
        await RequestsGo(0, 10, 0);

        _agents[0].Says = "ready";
        _agents[2].Says = "up";
        await _frontend.Reaches(static pool => pool.Health.TakesNew(0) && pool.Health.TakesNew(2));
        await RequestsGo(10, 5, 10);
    }

    private async Task RequestsGo(params int[] expected)
    {
        var counts = new int[3];
        for (var i = 0; i < expected.Sum(); i++)
            counts[(await _client.GetStringAsync(_frontend.Address, Cancellation))[1] - '0']++;
        Assert.Equal(expected, counts);
    }
}
