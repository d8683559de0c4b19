using System.Collections.Immutable;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
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
