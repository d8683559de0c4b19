using System.Collections.Frozen;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Tests.Health;

public sealed class HealthReadinessCheckTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly PoolTable _pools = new();
    private readonly ClusterContact _contact;
    private readonly HealthReadinessCheck _check;

    public HealthReadinessCheckTests()
    {
        _contact = new ClusterContact(_clock, NullLogger<ClusterContact>.Instance);
        _check = new HealthReadinessCheck(_pools, _contact, _clock);
        Serve("a", "b");
    }

    [Fact]
    public void Check_OnePoolIsNotKnown_IsNotReadyAndNamesIt()
    {
        Tell("a");
        var readiness = _check.Check();
        Assert.False(readiness.IsReady);
        Assert.Contains("'b'", readiness.Detail, StringComparison.Ordinal);
        Tell("b");
        Assert.True(_check.Check().IsReady);
    }

    [Fact]
    public void Check_PoolComesLater_StaysReady()
    {
        Tell("a");
        Tell("b");
        Assert.True(_check.Check().IsReady);
        Serve("a", "b", "c");
        Assert.True(_check.Check().IsReady);
    }

    [Fact]
    public void Check_ClusterDoesNotAnswer_IsReadyWhenItGoesWithoutIt()
    {
        _clock.Advance(ClusterContact.LostAfter);
        Assert.False(_check.Check().IsReady);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_check.Check().IsReady);
    }

    [Fact]
    public void Check_ClusterAnswersAndCannotSay_IsReadyAfterAWhile()
    {
        _clock.Advance(HealthReadinessCheck.Patience - TimeSpan.FromMilliseconds(1));
        _contact.Made();
        Assert.False(_check.Check().IsReady);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_check.Check().IsReady);
    }

    private void Serve(params string[] pools) => _pools.Apply(ClusterSnapshot.Empty with
    {
        Version = 1,
        Pools = pools.Select(static id => new PoolDefinition { Id = id, Backends = [] }).ToFrozenDictionary(static pool => pool.Id),
    });

    private void Tell(string pool) => _pools.ChangeHealth(pool, static _ => new PoolHealthView(1, new PoolEligibility(1, [], false), []));
}
