using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.Backends;

public sealed class PoolMemoryTests
{
    [Fact]
    public async Task Pool_MovesToASiloThatHasNotHeardOfFrontends_GoesOnFromWhatTheyWereTold()
    {
        // As one that has just joined, and whose first questions are lost.
        await using var cluster = await TestClusters.Start(silos: 2, static silo => silo.AddOutgoingGrainCallFilter(static call =>
            IsQuestion(call) ? throw new TimeoutException("It does not hear of front-ends.") : call.Invoke()));
        await cluster.Client.Apply(TestConfigurations.OnePool("http://127.0.0.1:1/", "http://127.0.0.1:2/"));
        await using var frontend = await FollowingFrontend.Start(cluster.Client, "fe-1", "app");
        await frontend.Reaches(static table => table.Rows.Length == 2);
        var backend = cluster.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", "b0"));
        await backend.Set(WireAdminState.Maintenance);
        await frontend.Reaches(static table => table.Rows.Any(static row => !row.TakesNew));
        await backend.Set(WireAdminState.Active);
        var before = await frontend.Reaches(static table => table.Rows.Any(static row => row.EligibleFor is not null));

        await cluster.KillHostOf(cluster.Client.GetGrain<IPoolGrain>("app"), TestContext.Current.CancellationToken);

        var after = await frontend.Reaches(table => table.Epoch != before.Epoch);
        Assert.Contains(after.Rows, static row => row.EligibleFor is not null);
    }

    private static bool IsQuestion(IOutgoingGrainCallContext call) =>
        call.InterfaceMethod.DeclaringType == typeof(IFrontendDirectoryGrain) && call.MethodName == nameof(IFrontendDirectoryGrain.Follow);
}
