using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Tests.Health;

public sealed class ColdStartViewTests
{
    [Theory]
    [InlineData(InitialHealth.Unknown, BackendState.Unknown, true)]
    [InlineData(InitialHealth.Healthy, BackendState.Up, true)]
    [InlineData(InitialHealth.Unhealthy, BackendState.Down, false)]
    public void Health_NobodyHasSaidAnything_IsTheInitialState(InitialHealth initial, BackendState state, bool takesNew)
    {
        var pool = Pool(initial, 2);
        Assert.False(pool.Health.IsInformed);
        Assert.All(pool.Health.Statuses.ToArray(), status => Assert.Equal((state, takesNew), (status.State, status.TakesNew)));
        var larger = Pool(initial, 3, pool);
        Assert.Equal(takesNew, larger.Health.TakesNew(2));
    }

    [Theory]
    [InlineData(BackendState.Maintenance, false, false)]
    [InlineData(BackendState.Drained, false, false)]
    [InlineData(BackendState.Maintenance, true, false)]
    [InlineData(BackendState.Down, true, false)]
    [InlineData(BackendState.Down, false, true)]
    public void Health_TheOnlyBackendMovesToAnotherAddress_StaysOutOnlyWhereSomebodySaysSoOfIt(BackendState state, bool byAgent, bool takesNew)
    {
        var table = new PoolTable();
        table.Apply(Snapshot(generation: 1));
        var status = new BackendStatus(BackendKey.Of("app", "b0", 1), state, false, false, false, false) { ByAgent = byAgent };
        table.ChangeHealth("app", _ => new PoolHealthView(1, new PoolEligibility(7, PoolEligibility.Ordered([status]), false), []));

        table.Apply(Snapshot(generation: 2));
        Assert.Equal(takesNew, table.Current["app"].Health.TakesNew(0));

        // An older table of the pool, which does not know the new address either.
        table.ChangeHealth("app", _ => new PoolHealthView(1, new PoolEligibility(8, PoolEligibility.Ordered([status]), false), []));
        Assert.Equal(takesNew, table.Current["app"].Health.TakesNew(0));

        var moved = new BackendStatus(BackendKey.Of("app", "b0", 2), BackendState.Up, true, true, false, false);
        table.ChangeHealth("app", _ => new PoolHealthView(1, new PoolEligibility(9, PoolEligibility.Ordered([moved]), false), []));
        Assert.True(table.Current["app"].Health.TakesNew(0));
    }

    private static ClusterSnapshot Snapshot(int generation) => ClusterSnapshot.Empty with
    {
        Pools = new Dictionary<string, PoolDefinition>
        {
            ["app"] = new() { Id = "app", ActiveHealth = new ActiveHealthDefinition(), Backends = [Backend("b0") with { Key = BackendKey.Of("app", "b0", generation) }] },
        }.ToFrozenDictionary(),
    };

    private static FrontendPool Pool(InitialHealth initial, int backends, FrontendPool? previous = null)
    {
        var definition = new PoolDefinition
        {
            Id = "app",
            ActiveHealth = new ActiveHealthDefinition { InitialState = initial },
            Backends = [.. Enumerable.Range(0, backends).Select(static i => Backend($"b{i}"))],
        };
        ImmutableArray<BackendSlot> slots = [.. definition.Backends.Select(static backend => new BackendSlot(backend))];
        return new FrontendPool(definition, slots, previous);
    }

    private static BackendDefinition Backend(string id) =>
        new(id, new Uri("http://10.0.0.1/"), new Uri("http://10.0.0.1/"), null, 1, 1, BackendKey.Of("app", id, 1));
}
