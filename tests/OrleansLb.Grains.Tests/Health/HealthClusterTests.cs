using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Probes;
using OrleansLb.Testing.Backends;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.Health;

public sealed class HealthClusterTests : IAsyncLifetime
{
    private readonly List<SwitchableBackend> _backends = [];
    private readonly ConcurrentBag<SwitchableNetwork> _networks = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
            _backends.Add(await SwitchableBackend.Start($"b{i}"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in _backends)
            await backend.DisposeAsync();
    }

    [Fact]
    public async Task Probes_HealthyBackends_AreUp()
    {
        await using var cluster = await StartCluster();
        await using var frontend = await StartFrontend(cluster);
        await frontend.Reaches(AllUp);
    }

    [Fact]
    public async Task Suspect_KilledBackend_IsDownOnEveryFrontendAtOnce()
    {
        await using var cluster = await StartCluster(interval: "00:10:00");
        await using var frontend = await StartFrontend(cluster);
        await using var other = await StartFrontend(cluster, "fe-2");
        await Task.WhenAll(frontend.Reaches(AllUp), other.Reaches(AllUp));

        await _backends[1].Kill();
        await Monitor(cluster, 1).Suspect(Key(1).Value);

        await frontend.Reaches(table => StateOf(table, 1) == WireBackendState.Down);
        await other.Reaches(table => StateOf(table, 1) == WireBackendState.Down);
    }

    [Fact]
    public async Task Suspect_BackendAnswersTheProbes_StaysInService()
    {
        await using var cluster = await StartCluster();
        await using var frontend = await StartFrontend(cluster);
        await frontend.Reaches(AllUp);
        var before = _backends[1].Probes;

        await Monitor(cluster, 1).Suspect(Key(1).Value);
        await _backends[1].Probed(before + 5);

        Assert.DoesNotContain((Key(1).Value, WireBackendState.Down), frontend.Seen);
    }

    [Fact]
    public async Task Probes_AnsweredWrongly_BackendIsDownAndBackAfterItRecovers()
    {
        await using var cluster = await StartCluster();
        await using var frontend = await StartFrontend(cluster);
        await frontend.Reaches(AllUp);

        _backends[2].Mode = BackendMode.Unavailable;
        await frontend.Reaches(table => StateOf(table, 2) == WireBackendState.Down);
        var status = await Monitor(cluster, 2).GetStatus();
        Assert.Equal((WireProbeOutcome.WrongStatus, 503), (status!.LastProbe!.Outcome, status.LastProbe.Status));

        _backends[2].Mode = BackendMode.Good;
        await frontend.Reaches(AllUp);
    }

    [Fact]
    public async Task Status_EveryBackend_SaysWhyItIsInOrOut()
    {
        await using var cluster = await StartCluster();
        await using var frontend = await StartFrontend(cluster);
        await frontend.Reaches(AllUp);
        Assert.All(await Reasons(cluster), static reason => Assert.Equal("first probe answered", reason));

        await cluster.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", "b0")).Decide(WireAdminState.Maintenance, null, "alice");
        _backends[2].Mode = BackendMode.Unavailable;
        await frontend.Reaches(table => StateOf(table, 0) == WireBackendState.Maintenance && StateOf(table, 2) == WireBackendState.Down);
        Assert.Equal(["alice said so", "first probe answered", "3 probes in a row failed: status 503"], await Reasons(cluster));

        _backends[1].Mode = BackendMode.Unavailable;
        await frontend.Reaches(static table => table.Panic);
        Assert.Equal(["alice said so", "panic; 3 probes in a row failed: status 503", "panic; 3 probes in a row failed: status 503"], await Reasons(cluster));

        // One that joins while others run is not used before it has answered.
        _backends[1].Mode = _backends[2].Mode = BackendMode.Good;
        await frontend.Reaches(table => StateOf(table, 1) == WireBackendState.Up && StateOf(table, 2) == WireBackendState.Up);
        await using var silent = await SwitchableBackend.Start("b3");
        silent.Mode = BackendMode.Hanging;
        await cluster.Client.Apply(Document("00:00:00.100").With(("ReverseProxy:Clusters:app:Destinations:b3:Address", silent.Address)));
        await frontend.Reaches(static table => table.Rows.Length == 4);
        Assert.Equal("joined a running pool and has not answered a probe yet", (await Reasons(cluster))[3]);
    }

    [Fact]
    public async Task Probes_OneSiloIsCutOff_RemovesNothing()
    {
        await using var cluster = await StartCluster(silos: 2);
        await using var frontend = await StartFrontend(cluster);
        await frontend.Reaches(AllUp);

        foreach (var network in _networks)
        {
            var other = _networks.Single(candidate => candidate != network);
            network.IsCut = true;
            // Long enough for its own monitors to fail their threshold several times over, or for those of the other silo to be fine.
            await Task.WhenAny(network.Opens(20), other.Opens(40)).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
            network.IsCut = false;
            await frontend.Reaches(AllUp);
        }

        Assert.DoesNotContain(frontend.Seen, static seen => seen.State == WireBackendState.Down);
    }

    [Fact]
    public async Task Probes_EverySiloIsCutOff_BackendsAreDownAndStillServeInAPanic()
    {
        await using var cluster = await StartCluster(silos: 2);
        await using var frontend = await StartFrontend(cluster);
        await frontend.Reaches(AllUp);

        foreach (var network in _networks)
            network.IsCut = true;

        var table = await frontend.Reaches(static table => table.Rows.All(static row => row.State == WireBackendState.Down));
        Assert.True(table.Panic);
        Assert.All(table.Rows, static row => Assert.True(row.TakesNew));
    }

    [Fact]
    public async Task Probes_FrontendHasAnswers_ConnectivityAloneDoesNotRemove()
    {
        await using var cluster = await StartCluster();
        await using var frontend = await StartFrontend(cluster);
        await frontend.Reaches(AllUp);

        frontend.AnswerAge = TimeSpan.Zero;
        _networks.Single().IsCut = true;

        await frontend.Reaches(static table => table.Rows.All(static row => row.State == WireBackendState.Degraded));
        Assert.DoesNotContain(frontend.Seen, static seen => seen.State == WireBackendState.Down);
    }

    [Fact]
    public async Task Pool_LostItsMemory_GoesOnFromWhatFrontendsRemember()
    {
        await using var cluster = await StartCluster(configure: false);
        var remembered = new EligibilityTable(1, 40, [new EligibilityRow(Key(0).Value, WireBackendState.Down, false, false, false, false)], false);
        await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", "app", remembered);
        _backends[0].Mode = BackendMode.Hanging;

        await Configure(cluster, "00:00:10");

        var table = await frontend.Reaches(static table => table.Rows.Length == 3);
        Assert.Equal(WireBackendState.Down, StateOf(table, 0));
        Assert.True(table.Version > 40);
    }

    [Fact]
    public async Task Silo_OfPoolAndDirectoryIsKilled_WhatFrontendsRememberIsNotForgotten()
    {
        await using var cluster = await StartCluster(silos: 3, configure: false);
        // So many that one of them lives where the directory does.
        var ids = Enumerable.Range(0, 20).Select(static i => $"pool{i}").ToArray();
        await cluster.Client.Apply(Document("00:10:00", ids));
        var poolId = await Neighbour(cluster, ids, cluster.Client.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key));
        var dead = BackendKey.Of(poolId, "b1", 1).Value;
        bool IsDown(EligibilityTable table) => table.Rows.Any(row => row.BackendKey == dead && row.State == WireBackendState.Down);
        await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", poolId);
        await frontend.Reaches(static table => table.Rows.Length == 3 && table.Rows.All(static row => row.State == WireBackendState.Up));
        await _backends[1].Kill();
        await cluster.Client.GetGrain<IHealthMonitorGrain>(BackendGrainKey.Of(poolId, "b1")).Suspect(dead);
        var known = await frontend.Reaches(IsDown);
        await IsKnownEverywhere(cluster.Client.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key));
        var before = frontend.Seen.Count;

        await cluster.KillHostOf(cluster.Client.GetGrain<IPoolGrain>(poolId), Cancellation);
        await frontend.Reaches(table => table.Epoch != known.Epoch);

        Assert.DoesNotContain(frontend.Seen[before..], seen => seen.Key == dead && seen.State != WireBackendState.Down);
    }

    /// <summary>Until then only the silo that is killed may know that there is a front-end, which is nobody's to remember.</summary>
    private static async Task IsKnownEverywhere(IFrontendDirectoryGrain directory)
    {
        while (!(await directory.List()).IsKnownEverywhere)
            await Task.Delay(25, Cancellation);
    }

    /// <summary>A pool that lives on the silo of another grain.</summary>
    private static async Task<string> Neighbour(InProcessTestCluster cluster, string[] poolIds, IFrontendDirectoryGrain directory)
    {
        await directory.List();
        var host = await cluster.HostOf(directory, Cancellation);
        foreach (var poolId in poolIds)
        {
            var pool = cluster.Client.GetGrain<IPoolGrain>(poolId);
            await pool.Touch();
            if (await cluster.HostOf(pool, Cancellation) == host)
                return poolId;
        }

        throw new InvalidOperationException("No pool lives on the directory's silo.");
    }

    [Fact]
    public async Task Silos_OneIsKilled_HealthChecksGoOn()
    {
        await using var cluster = await StartCluster(silos: 3);
        await using var frontend = await StartFrontend(cluster);
        await frontend.Reaches(AllUp);

        await cluster.KillSiloAsync(cluster.Silos[^1], Cancellation);
        _backends[0].Mode = BackendMode.Unavailable;
        await frontend.Reaches(table => StateOf(table, 0) == WireBackendState.Down);
        _backends[0].Mode = BackendMode.Good;
        await frontend.Reaches(AllUp);
    }

    private async Task<InProcessTestCluster> StartCluster(int silos = 1, string interval = "00:00:00.100", bool configure = true)
    {
        var cluster = await TestClusters.Start(silos, silo => silo.Services.AddSingleton(services =>
        {
            var network = new SwitchableNetwork();
            _networks.Add(network);
            return new Prober(services.GetRequiredKeyedService<TimeProvider>(Clocks.Key), network);
        }));
        if (configure)
            await Configure(cluster, interval);
        return cluster;
    }

    private Task<long> Configure(InProcessTestCluster cluster, string interval) => cluster.Client.Apply(Document(interval));

    private SettingsDocument Document(string interval, params ReadOnlySpan<string> others)
    {
        var document = TestConfigurations.OnePool([.. _backends.Select(static backend => backend.Address)]);
        foreach (var poolId in (ReadOnlySpan<string>)["app", .. others])
        {
            document = document.With(
            [
                .. _backends.Select((backend, i) => ($"ReverseProxy:Clusters:{poolId}:Destinations:b{i}:Address", (string?)backend.Address)),
                ($"ReverseProxy:Clusters:{poolId}:HealthCheck:Active:Enabled", "true"),
                ($"ReverseProxy:Clusters:{poolId}:HealthCheck:Active:Policy", "ClusterConsecutiveFailures"),
                ($"ReverseProxy:Clusters:{poolId}:HealthCheck:Active:Interval", interval),
                ($"ReverseProxy:Clusters:{poolId}:HealthCheck:Active:Timeout", "00:00:05"),
                ($"ReverseProxy:Clusters:{poolId}:HealthCheck:Active:Path", "/health"),
            ]);
        }

        return document;
    }

    private static Task<FollowingFrontend> StartFrontend(InProcessTestCluster cluster, string id = "fe-1") =>
        FollowingFrontend.Start(cluster.Client, id, "app");

    private static IHealthMonitorGrain Monitor(InProcessTestCluster cluster, int backend) =>
        cluster.Client.GetGrain<IHealthMonitorGrain>(BackendGrainKey.Of("app", $"b{backend}"));

    private static async Task<string[]> Reasons(InProcessTestCluster cluster) =>
        [.. (await cluster.Client.StatusOf("app", TestContext.Current.CancellationToken)).Backends.OrderBy(static backend => backend.BackendId, StringComparer.Ordinal).Select(static backend => backend.Reason)];

    private static BackendKey Key(int backend) => BackendKey.Of("app", $"b{backend}", 1);

    private static bool AllUp(EligibilityTable table) => table.Rows.Length == 3 && table.Rows.All(static row => row.State == WireBackendState.Up);

    private static WireBackendState StateOf(EligibilityTable table, int backend) =>
        table.Rows.Single(row => row.BackendKey == Key(backend).Value).State;
}
