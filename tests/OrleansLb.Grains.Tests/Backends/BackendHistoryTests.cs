using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Health;
using OrleansLb.Grains.Backends;
using OrleansLb.Grains.Hosting;
using OrleansLb.Grains.Tests.Routing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.Backends;

public sealed class BackendHistoryTests
{
    private readonly BreakableStorage _storage = new();

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_OfAnAdministrator_AreKeptWithWhoAndWhy()
    {
        await using var cluster = await Start();
        await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
        await frontend.Reaches(static table => table.Rows.Length == 2);
        var backend = cluster.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", "b0"));

        await backend.Decide(WireAdminState.Draining, null, "alice");
        await frontend.Reaches(static table => table.Rows.Any(static row => row.State == WireBackendState.Drained));
        await backend.Decide(WireAdminState.Active, null, "bob");

        var changes = await History(cluster, static changes => changes.Any(static change => change.By == "bob"));
        Assert.Equal(
            [(WireBackendState.Unknown, WireBackendState.Draining, true), (WireBackendState.Draining, WireBackendState.Draining, false), (WireBackendState.Draining, WireBackendState.Drained, false), (WireBackendState.Drained, WireBackendState.Unknown, true)],
            changes.Select(static change => (change.From!.Value, change.To!.Value, change.TakesPinned)));
        Assert.All(changes, static change => Assert.Equal((WireStateChangeCause.Admin, 1), (change.Cause, change.Generation)));
        Assert.Equal(["alice", "alice", "alice", "bob"], changes.Select(static change => change.By));
        Assert.Contains("alice said so", changes[0].Evidence, StringComparison.Ordinal);
        Assert.StartsWith("active again", changes[^1].Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_WhilePoolsAreStarting_AreKeptToo()
    {
        await using var cluster = await Start();
        await cluster.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", "b0")).Decide(WireAdminState.Maintenance, null, "alice");
        var changes = await History(cluster, static changes => changes.Length > 0);
        Assert.Equal(("alice", WireBackendState.Unknown, WireBackendState.Maintenance), (changes.Single().By, changes[0].From!.Value, changes[0].To!.Value));
    }

    // A decision that was stored, and read by a pool that starts, before it is told.
    [Fact]
    public async Task Changes_ThatAPoolReadBeforeItWasTold_AreKeptToo()
    {
        await using var cluster = await Start(silos: 2);
        await cluster.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", "b0")).Decide(WireAdminState.Maintenance, null, "alice");
        await History(cluster, static changes => changes.Length == 1);
        var pool = cluster.Client.GetGrain<IPoolGrain>("app");
        await cluster.KillHostOf(pool, Cancellation);
        await Eventually(cluster, static status => status.Backends[0].State == "Maintenance");
        var decision = new BackendDecision { State = WireAdminState.Maintenance, Since = DateTimeOffset.UnixEpoch, By = "bob" };

        await pool.ApplyDecision("b0", decision with { IsNews = true });
        await pool.ApplyDecision("b0", decision with { IsNews = true, By = "carol" });

        var changes = await History(cluster, static changes => changes.Length > 1);
        Assert.Equal(["alice", "bob"], changes.Select(static change => change.By));
    }

    [Fact]
    public async Task Changes_OfTheConfiguration_AreKeptAlsoOfWhatLeft()
    {
        await using var cluster = await Start();
        await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
        await frontend.Reaches(static table => table.Rows.Length == 2);

        await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/", "http://10.0.0.2/", "http://10.0.0.3/"));
        await History(cluster, static changes => changes is [{ Cause: WireStateChangeCause.Configuration, From: null, To: WireBackendState.Unknown }], "b2");
        await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/", "http://10.0.0.2/"));
        await History(cluster, static changes => changes is [_, { Cause: WireStateChangeCause.Configuration, From: WireBackendState.Unknown, To: null }], "b2");
    }

    [Fact]
    public async Task SilosOfPoolAndHistory_AreKilled_HistoryIsThere()
    {
        await using var cluster = await Start(silos: 3);
        await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
        await frontend.Reaches(static table => table.Rows.Length == 2);
        await cluster.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", "b0")).Decide(WireAdminState.Maintenance, null, "alice");
        var before = await History(cluster, static changes => changes.Length == 1);

        await cluster.KillHostOf(cluster.Client.GetGrain<IPoolGrain>("app"), Cancellation);
        await History(cluster, static changes => changes.Length == 1);
        await cluster.KillHostOf(Grain(cluster), Cancellation);

        Assert.Equal(before, await History(cluster, static changes => changes.Length == 1));
    }

    [Fact]
    public async Task Changes_ManyWithinMoments_AreWrittenTwice()
    {
        await using var cluster = await Start();
        var before = _storage.Writes;

        for (var i = 0; i < 30; i++)
            await Grain(cluster).Add([Change(i)]);

        await _storage.Holds<BackendHistoryState>(static state => state.Changes.Count == 30);
        Assert.Equal(before + 2, _storage.Writes);
    }

    [Fact]
    public async Task Changes_WhileTheStoreIsAway_AreWrittenWhenItIsBack()
    {
        await using var cluster = await Start();
        _storage.IsBroken = true;

        await Grain(cluster).Add([Change(0), Change(1)]);
        await Grain(cluster).Add([Change(1), Change(2)]);
        _storage.IsBroken = false;

        await _storage.Holds<BackendHistoryState>(static state => state.Changes.Count == 3);
        Assert.Equal([Change(0), Change(1), Change(2)], await Grain(cluster).List());
    }

    [Fact]
    public async Task Changes_MoreThanAHundred_OldestAreForgotten()
    {
        await using var cluster = await Start();
        await Grain(cluster).Add([.. Enumerable.Range(0, 150).Select(Change)]);
        Assert.Equal(Enumerable.Range(50, 100).Select(Change), await Grain(cluster).List());
    }

    private static IBackendHistoryGrain Grain(InProcessTestCluster cluster, string backend = "b0") =>
        cluster.Client.GetGrain<IBackendHistoryGrain>(BackendGrainKey.Of("app", backend));

    private static async Task<ImmutableArray<BackendStateChange>> History(
        InProcessTestCluster cluster,
        Func<ImmutableArray<BackendStateChange>, bool> condition,
        string backend = "b0")
    {
        for (var patience = Stopwatch.StartNew(); ;)
        {
            // When its silo was killed it is started elsewhere.
            var changes = await Answers.Of(() => Grain(cluster, backend).List(), Cancellation);
            if (condition(changes))
                return changes;
            Assert.True(patience.Elapsed < Patience, $"After {Patience} the history is: {string.Join(", ", changes)}");
            await Task.Delay(50, Cancellation);
        }
    }

    private static async Task Eventually(InProcessTestCluster cluster, Predicate<PoolStatus> condition)
    {
        while (!condition(await cluster.Client.StatusOf("app", Cancellation)))
            await Task.Delay(50, Cancellation);
    }

    private static BackendStateChange Change(int second) => new()
    {
        When = DateTimeOffset.UnixEpoch.AddSeconds(second),
        Generation = 1,
        From = WireBackendState.Up,
        To = WireBackendState.Down,
        TakesNew = false,
        TakesPinned = false,
        Cause = WireStateChangeCause.ActiveProbe,
        Evidence = "3 probes in a row failed",
        By = "silo-1",
    };

    private async Task<InProcessTestCluster> Start(int silos = 1)
    {
        var cluster = await TestClusters.Start(silos, silo =>
            silo.Services.AddKeyedSingleton<IGrainStorage>(GrainsSiloBuilderExtensions.StorageName, _storage));
        await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/", "http://10.0.0.2/"));
        return cluster;
    }
}
