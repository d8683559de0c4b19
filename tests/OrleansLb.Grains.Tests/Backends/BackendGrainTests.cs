using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansLb.Clustering.Membership;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Health;
using OrleansLb.Grains.Hosting;
using OrleansLb.Grains.Tests.Routing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.Backends;

public sealed class BackendGrainTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Set_EachDecision_ReachesFrontends()
    {
        await using var cluster = await TestClusters.Start(silos: 2);
        await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/", "http://10.0.0.2/"));
        await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
        await frontend.Reaches(static table => table.Rows.Length == 2);

        await Grain(cluster).Set(WireAdminState.Draining);
        var table = await frontend.Reaches(Any(WireBackendState.Draining));
        var row = table.Rows.Single(static row => row.State == WireBackendState.Draining);
        Assert.Equal((false, true), (row.TakesNew, row.TakesPinned));

        await Grain(cluster).Set(WireAdminState.Maintenance);
        table = await frontend.Reaches(Any(WireBackendState.Maintenance));
        row = table.Rows.Single(static row => row.State == WireBackendState.Maintenance);
        Assert.Equal((false, false), (row.TakesNew, row.TakesPinned));

        await Grain(cluster).Set(WireAdminState.Active);
        await frontend.Reaches(static table => table.Rows.All(static row => row.TakesNew));
    }

    [Fact]
    public async Task Set_ClusterRestarts_DecisionIsStillInForce()
    {
        var document = TestConfigurations.OnePool("http://10.0.0.1/", "http://10.0.0.2/");
        await using (var cluster = await TestClusters.Start(configure: StoreInFiles))
        {
            await cluster.Client.Apply(document);
            await Grain(cluster).Set(WireAdminState.Maintenance);
        }

        await using var restarted = await TestClusters.Start(configure: StoreInFiles);
        await using var frontend = await FollowingFrontend.Start(restarted.Client, "fe-1", "app");
        var table = await frontend.Reaches(static table => table.Rows.Length == 2);
        Assert.Contains(table.Rows, static row => row.State == WireBackendState.Maintenance);
        Assert.Equal(WireAdminState.Maintenance, await Grain(restarted).Get());
    }

    [Fact]
    public async Task Set_StorageFails_IsRefusedAndNotInForce()
    {
        var storage = new BreakableStorage();
        await using var cluster = await TestClusters.Start(configure: silo =>
            silo.Services.AddKeyedSingleton<IGrainStorage>(GrainsSiloBuilderExtensions.StorageName, storage));
        storage.IsBroken = true;

        await Assert.ThrowsAnyAsync<Exception>(async () => await Grain(cluster).Set(WireAdminState.Draining));
        Assert.Equal(WireAdminState.Active, await Grain(cluster).Get());

        storage.IsBroken = false;
        await Grain(cluster).Set(WireAdminState.Draining);
        Assert.Equal(WireAdminState.Draining, await Grain(cluster).Get());
    }

    [Fact]
    public async Task Set_IsStillBeingStored_IsNotInForceYet()
    {
        var storage = new BreakableStorage();
        await using var cluster = await TestClusters.Start(configure: silo =>
            silo.Services.AddKeyedSingleton<IGrainStorage>(GrainsSiloBuilderExtensions.StorageName, storage));
        var hold = new TaskCompletionSource();
        storage.Hold = hold.Task;

        var set = Grain(cluster).Set(WireAdminState.Maintenance).AsTask();
        await storage.Writing;
        Assert.Equal(WireAdminState.Active, await Grain(cluster).Get());
        Assert.Equal(WireAdminState.Active, (await Grain(cluster).GetDecision()).State);

        hold.SetResult();
        await set;
        Assert.Equal(WireAdminState.Maintenance, await Grain(cluster).Get());
    }

    private static IBackendGrain Grain(InProcessTestCluster cluster) => cluster.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", "b0"));

    private static Func<EligibilityTable, bool> Any(WireBackendState state) => table => table.Rows.Any(row => row.State == state);

    private void StoreInFiles(ISiloBuilder silo) =>
        silo.AddOrleansLbState(new MembershipOptions { StateDirectory = _directory }, GrainsSiloBuilderExtensions.StorageName);
}
