using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Grains.Frontends;
using OrleansLb.Grains.Hosting;
using OrleansLb.Grains.Tests.Routing;
using OrleansLb.Testing.Backends;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.Health;

/// <summary>A pool loses its silo, or changes, while nobody can read what administrators decided. Backend b1 is in maintenance.</summary>
public sealed class StoreOutageTests : IAsyncLifetime
{
    private readonly List<SwitchableBackend> _backends = [];
    private readonly BreakableStorage _storage = new();

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
    public async Task Pool_LostItsSilo_ProbesAtOnceAndKeepsWhatFrontendsWereTold()
    {
        await using var cluster = await StartCluster();
        await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
        await Backend(cluster, 1).Set(WireAdminState.Maintenance);
        await frontend.Reaches(static table => IsInMaintenance(table, Key(1)) && Rows(table, WireBackendState.Up) == 2);

        await LoseBackendGrains(cluster);
        var before = frontend.Seen.Count;
        await cluster.DeactivateAsync(cluster.Client.GetGrain<IPoolGrain>("app"));
        _backends[0].Mode = BackendMode.Unavailable;

        await frontend.Reaches(static table => StateOf(table, Key(0)) == WireBackendState.Down);
        AssertOnlyMaintenance(frontend.Seen[before..]);

        _storage.IsUnreadable = static _ => false;
        await Backend(cluster, 1).Set(WireAdminState.Active);
        await frontend.Reaches(static table => StateOf(table, Key(1)) == WireBackendState.Up);
    }

    [Fact]
    public async Task Pool_DecisionsCanBeReadAgain_CountMoreThanWhatFrontendsWereTold()
    {
        await using var cluster = await StartCluster(configure: false);
        _storage.IsUnreadable = IsBackend;
        var remembered = new EligibilityTable(1, 40, [new EligibilityRow(Key(1).Value, WireBackendState.Maintenance, false, false, false, false)], false);
        await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", "app", remembered);
        await cluster.Client.Apply(Pool());
        await frontend.Reaches(static table => IsInMaintenance(table, Key(1)));

        _storage.IsUnreadable = static _ => false;

        await frontend.Reaches(static table => StateOf(table, Key(1)) == WireBackendState.Up);
    }

    [Fact]
    public async Task Pool_AFrontendHasNotSaidWhatItRemembers_ProbesAndTellsNobodyAnything()
    {
        await using var cluster = await StartCluster(configure: false);
        _storage.IsUnreadable = IsBackend;
        var remembered = new EligibilityTable(1, 40, [new EligibilityRow(Key(1).Value, WireBackendState.Maintenance, false, false, false, false)], false);
        await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", "app", remembered);
        var says = new TaskCompletionSource();
        frontend.Remembering = says.Task;

        await cluster.Client.Apply(Pool());
        // Long enough for the directory to settle and for the pool to ask several times.
        await _backends[0].Probed(40);
        Assert.Empty(frontend.Pushes);
        Assert.Empty(frontend.Seen);
        says.SetResult();

        var table = await frontend.Reaches(static table => table.Rows.Length == 3);
        Assert.True(table.Version > 40);
        AssertOnlyMaintenance(frontend.Seen);
    }

    [Fact]
    public async Task Pool_AFrontendSaysLateWhatItRemembers_CountsMoreThanAMonitorThatDoesNotKnowYet()
    {
        await using var cluster = await StartCluster(configure: false);
        await _backends[1].Kill();
        var remembered = new EligibilityTable(1, 40, [new EligibilityRow(Key(1).Value, WireBackendState.Down, false, false, false, false)], false);
        await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", "app", remembered);
        var says = new TaskCompletionSource();
        frontend.Remembering = says.Task;
        await cluster.Client.Apply(Pool().With(("ReverseProxy:Clusters:app:OrleansLb:HealthCheck:UnhealthyThreshold", "100")));

        await _backends[0].Probed(3);
        says.SetResult();

        var table = await frontend.Reaches(static table => table.Rows.Length == 3);
        Assert.Equal(WireBackendState.Down, StateOf(table, Key(1)));
        Assert.DoesNotContain((Key(1).Value, WireBackendState.Unknown), frontend.Seen);
    }

    [Fact]
    public async Task Pool_AFrontendSaysLateWhatItRemembers_ABrokenCircuitStaysBroken()
    {
        const string breaker = "ReverseProxy:Clusters:app:OrleansLb:CircuitBreaker:";
        await using var cluster = await StartCluster(configure: false);
        var broken = new EligibilityRow(Key(1).Value, WireBackendState.Down, false, false, false, false) { Circuit = WireCircuitState.Open };
        await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", "app", new EligibilityTable(1, 40, [broken], false));
        var says = new TaskCompletionSource();
        frontend.Remembering = says.Task;
        await cluster.Client.Apply(Pool().With((breaker + "BreakDuration", "00:10:00"), (breaker + "MaxBreakDuration", "00:10:00")));

        await _backends[0].Probed(3);
        says.SetResult();

        var table = await frontend.Reaches(static table => table.Rows.Length == 3);
        Assert.Equal(WireCircuitState.Open, table.Rows.Single(static row => row.BackendKey == Key(1).Value).Circuit);
    }

    [Fact]
    public async Task Pool_AFrontendNeverSaysWhatItRemembers_HoldsTheOthersUpForAWhileOnly()
    {
        await using var cluster = await StartCluster(probed: false);
        await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
        await using var silent = await FollowingFrontend.Start(cluster.Client, "fe-2", "app");
        var before = await frontend.Reaches(static table => table.Rows.Length == 3);
        await DirectoryIsSettled(cluster);
        silent.Remembering = new TaskCompletionSource().Task;

        var began = Stopwatch.GetTimestamp();
        await cluster.DeactivateAsync(cluster.Client.GetGrain<IPoolGrain>("app"));

        await frontend.Reaches(table => table.Epoch != before.Epoch && table.Rows.Length == 3);
        Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(4.9), $"The front-end that says nothing was waited for {Stopwatch.GetElapsedTime(began)} only.");
    }

    [Fact]
    public async Task Pool_TheDirectoryAndItsCopyKnowNobodyYet_WaitsForWhoMayRemember()
    {
        await using var cluster = await StartCluster(probed: false);
        await DirectoryIsSettled(cluster);
        var pool = cluster.Client.GetGrain<IPoolGrain>("app");
        await cluster.Silos[0].ServiceProvider.GetRequiredService<FrontendDirectoryFollower>().StopAsync(Cancellation);
        var remembered = new EligibilityTable(1, 40, [new EligibilityRow(Key(1).Value, WireBackendState.Unknown, true, true, false, false) { EligibleFor = TimeSpan.FromMinutes(1) }], false);

        // The front-end comes right after the copy was made, and what knows it goes, as a silo takes it along; then it says again that it is there.
        await cluster.DeactivateAsync(cluster.Client.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key));
        await cluster.DeactivateAsync(pool);
        Assert.Null(await pool.GetEligibility(0, 0));
        await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", "app", remembered);

        var table = await frontend.Reaches(static table => table.Rows.Length == 3);
        Assert.True(table.Version >= remembered.Version);
        Assert.NotNull(table.Rows.Single(static row => row.BackendKey == Key(1).Value).EligibleFor);
    }

    [Fact]
    public async Task Pool_BackendMoves_StaysInMaintenanceWithoutAMomentOfService()
    {
        await using var cluster = await StartCluster(probed: false);
        await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
        await Backend(cluster, 1).Set(WireAdminState.Maintenance);
        await frontend.Reaches(static table => IsInMaintenance(table, Key(1)));

        await LoseBackendGrains(cluster);
        frontend.Pushes.Clear();
        var moved = Key(1, (int)await cluster.Client.Apply(Pool(probed: false).With(("ReverseProxy:Clusters:app:Destinations:b1:Address", "http://127.0.0.1:9/"))));

        var table = await frontend.Reaches(table => IsInMaintenance(table, moved));
        await frontend.IsPushed(table.Version);
        Assert.DoesNotContain(frontend.Pushes, push => push.Changed.Any(row => row.BackendKey == moved.Value && row.TakesNew));
        Assert.DoesNotContain((moved.Value, WireBackendState.Unknown), frontend.Seen);
    }

    private async Task<InProcessTestCluster> StartCluster(bool configure = true, bool probed = true)
    {
        var cluster = await TestClusters.Start(configure: silo =>
            silo.Services.AddKeyedSingleton<IGrainStorage>(GrainsSiloBuilderExtensions.StorageName, _storage));
        if (configure)
            await cluster.Client.Apply(Pool(probed));
        return cluster;
    }

    private static async Task DirectoryIsSettled(InProcessTestCluster cluster)
    {
        var follower = cluster.Silos[0].ServiceProvider.GetRequiredService<FrontendDirectoryFollower>();
        while (!(await follower.Refresh()).List.Settled)
            await Task.Delay(50, Cancellation);
    }

    private async Task LoseBackendGrains(InProcessTestCluster cluster)
    {
        _storage.IsUnreadable = IsBackend;
        for (var index = 0; index < _backends.Count; index++)
            await cluster.DeactivateAsync(Backend(cluster, index));
    }

    private SettingsDocument Pool(bool probed = true)
    {
        var pool = TestConfigurations.OnePool([.. _backends.Select(static backend => backend.Address)]);
        return !probed ? pool : pool.With(
            ("ReverseProxy:Clusters:app:HealthCheck:Active:Enabled", "true"),
            ("ReverseProxy:Clusters:app:HealthCheck:Active:Policy", "ClusterConsecutiveFailures"),
            ("ReverseProxy:Clusters:app:HealthCheck:Active:Interval", "00:00:00.100"),
            ("ReverseProxy:Clusters:app:HealthCheck:Active:Path", "/health"));
    }

    private static void AssertOnlyMaintenance(IEnumerable<(ulong Key, WireBackendState State)> seen) =>
        Assert.All(seen.Where(static seen => seen.Key == Key(1).Value), static seen => Assert.Equal(WireBackendState.Maintenance, seen.State));

    private static bool IsBackend(GrainId grain) => grain.Type.ToString() == "backend";

    private static IBackendGrain Backend(InProcessTestCluster cluster, int index) =>
        cluster.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", $"b{index}"));

    private static BackendKey Key(int index, int generation = 1) => BackendKey.Of("app", $"b{index}", generation);

    private static bool IsInMaintenance(EligibilityTable table, BackendKey key) => StateOf(table, key) == WireBackendState.Maintenance;

    private static int Rows(EligibilityTable table, WireBackendState state) => table.Rows.Count(row => row.State == state);

    private static WireBackendState? StateOf(EligibilityTable table, BackendKey key) =>
        table.Rows.Where(row => row.BackendKey == key.Value).Select(static row => (WireBackendState?)row.State).SingleOrDefault();
}
