using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Grains.Backends;
using OrleansLb.Grains.Hosting;
using OrleansLb.Grains.Tests.Routing;
using OrleansLb.Testing.Clocks;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.Backends;

public sealed class DrainTests
{
    private static readonly ulong Key = BackendKey.Of("app", "b0", 1).Value;
    private static readonly ulong OtherKey = BackendKey.Of("app", "b1", 1).Value;

    // One for all silos of a test, as a store is: what a killed silo wrote is still there.
    private readonly BreakableStorage _storage = new();
    private readonly LeapingClock _clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drain_OneFrontendHasAConnectionThere_IsDrainedOnlyWhenItEnds()
    {
        await using var cluster = await Start();
        await using var idle = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
        await using var busy = await FollowingFrontend.Start(cluster.Client, "fe-2", "app");
        await busy.Reaches(static table => table.Rows.Length == 2);
        busy.InFlight[Key] = (0, 1);

        await Backend(cluster).Decide(WireAdminState.Draining, null, "alice");
        await busy.AskedForDrains(6);
        var status = await Status(cluster);
        Assert.Equal(("Draining", "Finishing"), (status.State, status.Drain?.Phase));
        Assert.Equal(["fe-2"], status.Drain!.WaitingFor);
        Assert.Equal("alice", status.Drain.By);
        Assert.InRange(status.Drain.Until!.Value - status.Drain.Since!.Value, TimeSpan.FromMinutes(4.9), TimeSpan.FromMinutes(5.1));

        busy.InFlight.Clear();
        var table = await busy.Reaches(static table => StateOf(table) == WireBackendState.Drained);
        Assert.Equal((false, false), (table.Rows.Single(static row => row.BackendKey == Key).TakesNew, table.Rows.Single(static row => row.BackendKey == Key).TakesPinned));
        status = await Status(cluster);
        Assert.Equal(("Drained", "Drained", false), (status.State, status.Drain?.Phase, status.Drain?.TimedOut));
        Assert.StartsWith("drained: nothing is in flight there", status.Reason, StringComparison.Ordinal);
        await _storage.Holds<BackendGrainState>(static state => state.DrainedAt is not null);
    }

    [Fact]
    public async Task Drain_OneFrontendDoesNotAnswer_IsNotDrained()
    {
        await using var cluster = await Start();
        await using var silent = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
        await silent.Reaches(static table => table.Rows.Length == 2);
        silent.AnswersDrains = false;

        await Backend(cluster).Decide(WireAdminState.Draining, null, "alice");
        await silent.AskedForDrains(6);
        Assert.Equal("Draining", (await Status(cluster)).State);
        Assert.Equal(["fe-1"], (await Status(cluster)).Drain!.WaitingFor);

        silent.AnswersDrains = true;
        await silent.Reaches(static table => StateOf(table) == WireBackendState.Drained);
    }

    [Fact]
    public async Task Drain_TimeIsOver_FrontendsAreToldToCutOffAndThenItIsDrained()
    {
        await using var cluster = await Start();
        await using var busy = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
        await busy.Reaches(static table => table.Rows.Length == 2);
        busy.InFlight[Key] = (1, 1);

        var began = Stopwatch.GetTimestamp();
        await Backend(cluster).Decide(WireAdminState.Draining, TimeSpan.FromSeconds(2), "alice");
        await busy.CutOff.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(1.9));

        await busy.Reaches(static table => StateOf(table) == WireBackendState.Drained);
        Assert.True((await Status(cluster)).Drain!.TimedOut);
    }

    [Fact]
    public async Task Drain_SiloOfThePoolIsKilled_GoesOnWithItsOwnDeadline()
    {
        await using var cluster = await Start(silos: 3);
        await using var busy = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
        await busy.Reaches(static table => table.Rows.Length == 2);
        busy.InFlight[Key] = (0, 1);
        await Backend(cluster).Decide(WireAdminState.Draining, TimeSpan.FromMinutes(5), "alice");
        await busy.AskedForDrains(1);

        _clock.Leap(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(6));
        var began = Stopwatch.GetTimestamp();
        await cluster.KillHostOf(cluster.Client.GetGrain<IPoolGrain>("app"), TestContext.Current.CancellationToken);

        await busy.CutOff.WaitAsync(TimeSpan.FromMinutes(2), Cancellation);
        Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(5), $"cut off {Stopwatch.GetElapsedTime(began)} after the kill");
        await busy.Reaches(static table => StateOf(table) == WireBackendState.Drained);
    }

    [Fact]
    public async Task Drained_ClusterRestarts_IsStillDrained()
    {
        await using (var cluster = await Start())
        {
            await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
            await Backend(cluster).Decide(WireAdminState.Draining, null, "alice");
            await _storage.Holds<BackendGrainState>(static state => state.DrainedAt is not null);
        }

        await using var restarted = await Start();
        await using var other = await FollowingFrontend.Start(restarted.Client, "fe-1", "app");
        await other.Reaches(static table => StateOf(table) == WireBackendState.Drained);
        Assert.Equal("alice", (await Status(restarted)).Drain!.By);
    }

    [Fact]
    public async Task Drained_StoreHangs_TheOthersDrainAllTheSame()
    {
        await using var cluster = await Start();
        await using var busy = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
        await busy.Reaches(static table => table.Rows.Length == 2);
        busy.InFlight[Key] = busy.InFlight[OtherKey] = (0, 1);
        await Backend(cluster).Decide(WireAdminState.Draining, null, "alice");
        await Backend(cluster, "b1").Decide(WireAdminState.Draining, null, "alice");
        var held = new TaskCompletionSource();
        _storage.Hold = held.Task;

        busy.InFlight.TryRemove(Key, out _);
        await busy.Reaches(static table => StateOf(table) == WireBackendState.Drained);
        await _storage.HeldWriteOf<BackendGrainState>().WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        busy.InFlight.TryRemove(OtherKey, out _);
        await busy.Reaches(static table => StateOf(table, OtherKey) == WireBackendState.Drained);

        held.SetResult();
        await _storage.Holds<BackendGrainState>(static state => state.DrainedAt is not null);
    }

    [Fact]
    public async Task Drained_ADrainBeganAnewBeforeTheStoreAnswers_TheOldOnesEndIsNotTheNewOnes()
    {
        await using var cluster = await Start();
        await using var busy = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
        await busy.Reaches(static table => table.Rows.Length == 2);
        busy.InFlight[Key] = (0, 1);
        var old = await Backend(cluster).Decide(WireAdminState.Draining, null, "alice");
        var held = new TaskCompletionSource();
        _storage.Hold = held.Task;
        busy.InFlight.Clear();
        await _storage.HeldWriteOf<BackendGrainState>().WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        busy.InFlight[Key] = (0, 1);
        var pool = cluster.Client.GetGrain<IPoolGrain>("app");
        await pool.ApplyDecision("b0", new BackendDecision { State = WireAdminState.Active, Since = old.Since, By = "bob" });
        await pool.ApplyDecision("b0", old with { Since = old.Since.AddSeconds(1), By = "carol" });
        held.SetResult();

        await _storage.Holds<BackendGrainState>(static state => state.DrainedAt is not null);
        await busy.AskedForDrains(6);
        var status = await Status(cluster);
        Assert.Equal(("Draining", "Finishing", "carol"), (status.State, status.Drain?.Phase, status.Drain?.By));
    }

    [Fact]
    public async Task Activate_PoolRemembersItClosing_IsNotTakenForDead()
    {
        await using var cluster = await TestClusters.Start();
        var remembered = new EligibilityTable(1, 40, [new EligibilityRow(Key, WireBackendState.Draining, false, false, false, false)], false);
        await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", "app", remembered);
        await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/", "http://10.0.0.2/"));
        var table = await frontend.Reaches(static table => table.Rows.Length == 2);
        Assert.All(table.Rows, static row => Assert.True(row.TakesNew));
        Assert.True(table.Version > 40);
    }

    [Fact]
    public async Task Activate_WhileItDrains_EndsTheDrain()
    {
        await using var cluster = await Start();
        await using var busy = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
        busy.InFlight[Key] = (1, 0);
        await Backend(cluster).Decide(WireAdminState.Draining, TimeSpan.FromHours(1), "alice");
        await busy.AskedForDrains(2);

        await Backend(cluster).Decide(WireAdminState.Active, null, "bob");

        var table = await busy.Reaches(static table => table.Rows.All(static row => row.TakesNew));
        Assert.Equal(WireBackendState.Unknown, StateOf(table));
        Assert.Null((await Status(cluster)).Drain);
    }

    [Fact]
    public async Task Decide_DrainIsAskedForAgain_OnlyATimeOfItsOwnChangesTheDeadline()
    {
        await using var cluster = await Start();
        await using var busy = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
        busy.InFlight[Key] = (1, 0);
        var first = await Backend(cluster).Decide(WireAdminState.Draining, TimeSpan.FromHours(2), "alice");
        var again = await Backend(cluster).Decide(WireAdminState.Draining, null, "bob");
        Assert.Equal((first.Since, "alice", TimeSpan.FromHours(2)), (again.Since, again.By, again.DrainTimeout));

        var shorter = await Backend(cluster).Decide(WireAdminState.Draining, TimeSpan.FromHours(1), "bob");
        Assert.Equal((first.Since, "bob", TimeSpan.FromHours(1)), (shorter.Since, shorter.By, shorter.DrainTimeout));
        Assert.InRange(shorter.DrainLeft, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
    }

    private static IBackendGrain Backend(InProcessTestCluster cluster, string id = "b0") =>
        cluster.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", id));

    private static async Task<BackendStatus> Status(InProcessTestCluster cluster) =>
        (await cluster.Client.StatusOf("app", TestContext.Current.CancellationToken)).Backends.Single(static backend => backend.BackendId == "b0");

    private static WireBackendState? StateOf(EligibilityTable table) => StateOf(table, Key);

    private static WireBackendState? StateOf(EligibilityTable table, ulong key) =>
        table.Rows.Where(row => row.BackendKey == key).Select(static row => (WireBackendState?)row.State).SingleOrDefault();

    private async Task<InProcessTestCluster> Start(int silos = 1)
    {
        var cluster = await TestClusters.Start(silos, silo => silo.Services
            .AddKeyedSingleton<IGrainStorage>(GrainsSiloBuilderExtensions.StorageName, _storage)
            .AddKeyedSingleton<TimeProvider>(Clocks.Key, _clock));
        await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/", "http://10.0.0.2/"));
        return cluster;
    }
}
