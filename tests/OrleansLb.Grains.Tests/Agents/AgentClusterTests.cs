using System.Diagnostics;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Agents;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Testing.Backends;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.Agents;

/// <summary>Agents, from the configuration through two silos to sockets, in pools that nobody probes.</summary>
public sealed class AgentClusterTests : IAsyncLifetime
{
    private const string App = "ReverseProxy:Clusters:app:";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly TestAgent[] _agents = [new(), new(), new(), new()];
    private InProcessTestCluster _cluster = null!;
    private FollowingFrontend _frontend = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestClusters.Start(silos: 2);

    public async ValueTask DisposeAsync()
    {
        if (_frontend is not null)
            await _frontend.DisposeAsync();
        await _cluster.DisposeAsync();
        foreach (var agent in _agents)
            await agent.DisposeAsync();
    }

    [Theory]
    [InlineData("down #no disk", WireBackendState.Down, false)]
    [InlineData("stopped", WireBackendState.Down, false)]
    [InlineData("drain", WireBackendState.Draining, true)]
    [InlineData("0%", WireBackendState.Draining, true)]
    [InlineData("maint", WireBackendState.Maintenance, false)]
    public async Task Agent_Says_FrontendsAreToldUntilItTakesItBack(string word, WireBackendState state, bool pinned)
    {
        await Start();

        _agents[1].Says = word;
        var row = Row(await _frontend.Reaches(IsIn(1, state)), 1);
        Assert.Equal((false, pinned, true), (row.TakesNew, row.TakesPinned, row.ByAgent));
        Assert.Equal($"its agent says: {word}", (await Status(1)).Reason);
        Assert.True(Row(await _frontend.Reaches(static table => table.Rows.Length == 4), 0).TakesNew);

        // The words of the one thing take nothing of the other back.
        _agents[1].Says = "maxconn:10";
        await Asked(1);
        await _frontend.Reaches(IsIn(1, state));

        _agents[1].Says = "up ready 100%";
        await _frontend.Reaches(Takes(1));
        Assert.Equal(10, (await Status(1)).Agent!.MaxConnections);
    }

    [Fact]
    public async Task Agent_NamesAPercentage_FrontendsAndTheStatusAreTold()
    {
        await Start();

        _agents[2].Says = "75% maxconn:30 #busy";
        var row = Row(await _frontend.Reaches(table => Row(table, 2).Agent is { WeightPercent: 75 }), 2);

        Assert.Equal((true, false), (row.TakesNew, row.ByAgent));
        var agent = (await Status(2)).Agent!;
        Assert.Equal(
            (new WireAgentState(75, WireAgentService.Ready, false, 30), "75% maxconn:30 #busy", 30, "Answered"),
            (agent.State, agent.Said, agent.MaxConnections, agent.Outcome));
        Assert.InRange(agent.AnsweredAgo!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Agent_StopsAnswering_WhatItSaidHolds()
    {
        await Start();
        _agents[1].Says = "drain";
        await _frontend.Reaches(IsIn(1, WireBackendState.Draining));

        await _agents[1].Close();
        await OutcomeOf(1, "Unreachable");
        Assert.Equal(("drain", "Draining"), ((await Status(1)).Agent!.Said, (await Status(1)).State));

        _agents[1].Open();
        _agents[1].Says = "dra";
        await OutcomeOf(1, "UnknownWords");
        Assert.Equal("Draining", (await Status(1)).State);

        _agents[1].Says = "";
        await OutcomeOf(1, "Incomplete");
        Assert.Equal("Draining", (await Status(1)).State);

        _agents[1].Says = "ready";
        await _frontend.Reaches(Takes(1));
    }

    [Fact]
    public async Task Agents_MoreFrontends_AreAskedNoMore()
    {
        await Start();
        await using var second = await FollowingFrontend.Start(_cluster.Client, "fe-2", "app");
        await using var third = await FollowingFrontend.Start(_cluster.Client, "fe-3", "app");
        var (began, before) = (Stopwatch.GetTimestamp(), _agents[0].Questions);
        while (_agents[0].Questions < before + 10)
            await Asked(0);

        // A slow machine asks more seldom, never more often.
        Assert.InRange(_agents[0].Questions - before, 10, (Stopwatch.GetElapsedTime(began) / (Interval * 0.9)) + 2);
    }

    [Fact]
    public async Task Silo_OfThePoolDies_WhatAgentsSaidHoldsAndTheyAreAskedOn()
    {
        await Start();
        _agents[1].Says = "maint";
        await _frontend.Reaches(IsIn(1, WireBackendState.Maintenance));
        var epoch = (await _frontend.Reaches(static _ => true)).Epoch;
        await _agents[1].Close();

        await _cluster.KillSiloAsync(await SiloOf("app"), TestContext.Current.CancellationToken);

        var resumed = await _frontend.Reaches(table => table.Epoch != epoch && table.Rows.Length == 4);
        Assert.Equal((WireBackendState.Maintenance, true), (Row(resumed, 1).State, Row(resumed, 1).ByAgent));
        _agents[0].Says = "drain";
        await _frontend.Reaches(IsIn(0, WireBackendState.Draining));
        await _frontend.Reaches(IsIn(1, WireBackendState.Maintenance));
        _agents[1].Open();
        _agents[1].Says = "ready";
        await _frontend.Reaches(Takes(1));
    }

    [Fact]
    public async Task Administrator_Decides_StandsAboveTheAgent()
    {
        await Start();
        var backend = _cluster.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", "b1"));
        _agents[1].Says = "drain";
        await _frontend.Reaches(IsIn(1, WireBackendState.Draining));

        await backend.Set(WireAdminState.Maintenance);
        Assert.False(Row(await _frontend.Reaches(IsIn(1, WireBackendState.Maintenance)), 1).ByAgent);

        await backend.Set(WireAdminState.Active);
        Assert.True(Row(await _frontend.Reaches(IsIn(1, WireBackendState.Draining)), 1).ByAgent);
    }

    [Fact]
    public async Task Agents_AreSwitchedOff_TheirWordsEnd()
    {
        await Start();
        _agents[1].Says = "down";
        await _frontend.Reaches(IsIn(1, WireBackendState.Down));

        await _cluster.Client.Apply(TestConfigurations.OnePool([.. Addresses()]));

        await _frontend.Reaches(Takes(1));
        Assert.Null((await Status(1)).Agent);
    }

    [Fact]
    public async Task Agent_ChangesAreInTheHistory_AsTheAgents()
    {
        await Start();
        _agents[1].Says = "down #no disk";
        await _frontend.Reaches(IsIn(1, WireBackendState.Down));

        var history = _cluster.Client.GetGrain<IBackendHistoryGrain>(BackendGrainKey.Of("app", "b1"));
        BackendStateChange? change = null;
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((change = (await history.List()).FirstOrDefault(static each => each.Cause == WireStateChangeCause.Agent)) is null)
            await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken);

        Assert.Equal((WireBackendState.Down, "its agent says: down #no disk"), (change.To, change.Evidence));
    }

    private async Task Start()
    {
        _frontend = await FollowingFrontend.Start(_cluster.Client, "fe-1", "app");
        await _cluster.Client.Apply(Configuration());
        await _frontend.Reaches(static table => table.Rows.Length == 4);
    }

    // The first agent has the pool's port; the others name their own.
    private SettingsDocument Configuration() => TestConfigurations.OnePool([.. Addresses()]).With(
    [
        (App + "OrleansLb:Agent:Port", $"{_agents[0].Port}"),
        (App + "OrleansLb:Agent:Interval", Interval.ToString()),
        (App + "OrleansLb:Agent:Timeout", "00:00:05"),
        .. Enumerable.Range(1, 3).Select(i => (App + $"Destinations:b{i}:OrleansLb:Agent:Port", (string?)$"{_agents[i].Port}")),
        (App + "Destinations:b3:OrleansLb:Agent:Host", "localhost"),
    ]);

    private static IEnumerable<string> Addresses() => Enumerable.Range(1, 4).Select(static i => $"http://127.0.0.1:{i}/");

    private async Task Asked(int agent)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var before = _agents[agent].Questions; _agents[agent].Questions < before + 2;)
            await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    private async Task OutcomeOf(int backend, string outcome)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await Status(backend)).Agent?.Outcome != outcome)
            await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    private Task<InProcessSiloHandle> SiloOf(string pool) => _cluster.HostOf(_cluster.Client.GetGrain<IPoolGrain>(pool), TestContext.Current.CancellationToken);

    private async Task<BackendStatus> Status(int backend) =>
        (await _cluster.Client.StatusOf("app", TestContext.Current.CancellationToken)).Backends.Single(status => status.BackendId == $"b{backend}");

    private static EligibilityRow Row(EligibilityTable table, int backend) => table.Rows.Single(row => row.BackendKey == BackendKey.Of("app", $"b{backend}", 1).Value);

    private static Func<EligibilityTable, bool> IsIn(int backend, WireBackendState state) => table => table.Rows.Length == 4 && Row(table, backend).State == state;

    private static Func<EligibilityTable, bool> Takes(int backend) => table => table.Rows.Length == 4 && Row(table, backend) is { TakesNew: true, ByAgent: false };
}
