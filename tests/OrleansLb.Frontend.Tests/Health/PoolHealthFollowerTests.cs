using System.Collections.Frozen;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Health;

/// <summary>Pushes and answers that overtake each other.</summary>
public sealed class PoolHealthFollowerTests : IDisposable
{
    private const string App = "app";

    private static readonly BackendKey Key = BackendKey.Of(App, "b0", 1);

    private readonly AnsweringPool _pool = new();
    private readonly PoolTable _pools = new();
    private readonly PoolHealthFollower _follower;

    public PoolHealthFollowerTests()
    {
        var address = new Uri("http://10.0.0.1/");
        _pools.Apply(ClusterSnapshot.Empty with
        {
            Pools = new Dictionary<string, PoolDefinition>
            {
                [App] = new() { Id = App, Backends = [new BackendDefinition("b0", address, address, null, 1, 1, Key)] },
            }.ToFrozenDictionary(),
        });
        var clock = TimeProvider.System;
        _follower = new PoolHealthFollower(
            _pools,
            new FixedClusterLink(_pool.Grains),
            new ClusterContact(clock, NullLogger<ClusterContact>.Instance),
            clock,
            NullLogger<PoolHealthFollower>.Instance);
    }

    public void Dispose() => _follower.Dispose();

    [Fact]
    public async Task Answer_IsOlderThanAPushMeanwhile_ChangesNothing()
    {
        await Has(epoch: 1, version: 5);
        _follower.Offer(App, 1, 6);
        var question = await _pool.Asked();
        _follower.Take(Change(epoch: 1, from: 5, to: 7, WireBackendState.Down));
        _follower.Offer(App, 1, 8);

        question.Answer.SetResult(Table(epoch: 1, version: 6, WireBackendState.Up));

        // What is asked next shows what it has by then.
        Assert.Equal(7, (await _pool.Asked()).Version);
        Assert.Equal(BackendState.Down, _pools.Current[App].Health.StateOf(0));
    }

    [Fact]
    public async Task Push_OfANewActivationWhileTheOldOneIsAsked_TheNewOneIsAskedToo()
    {
        await Has(epoch: 1, version: 5);
        _follower.Offer(App, 1, 6);
        var question = await _pool.Asked();
        _follower.Take(Change(epoch: 2, from: 9, to: 10, WireBackendState.Down));

        question.Answer.SetResult(Table(epoch: 1, version: 6, WireBackendState.Up));
        (await _pool.Asked()).Answer.SetResult(Table(epoch: 2, version: 10, WireBackendState.Down));

        await Eventually.Is(() => _pools.Current[App].Health is { Epoch: 2, Eligibility.Version: 10 });
        Assert.False(_pools.Current[App].Health.TakesNew(0));
    }

    [Theory]
    [InlineData(1, 6, 7)]
    [InlineData(1, 4, 5)]
    [InlineData(2, 5, 6)]
    public async Task Push_ThatDoesNotFit_IsNotAppliedAndTheTableIsFetched(long epoch, long from, long to)
    {
        await Has(epoch: 1, version: 5);
        _follower.Take(Change(epoch, from, to, WireBackendState.Down));
        var question = await _pool.Asked();
        Assert.Equal((1, 5), (question.Epoch, question.Version));
        Assert.Equal(BackendState.Up, _pools.Current[App].Health.StateOf(0));
    }

    private async Task Has(long epoch, long version)
    {
        _follower.Offer(App, epoch, version);
        (await _pool.Asked()).Answer.SetResult(Table(epoch, version, WireBackendState.Up));
        await Eventually.Is(() => _pools.Current[App].Health is var health && health.Epoch == epoch && health.Eligibility.Version == version);
    }

    private static EligibilityTable Table(long epoch, long version, WireBackendState state) => new(epoch, version, [Row(state)], false);

    private static EligibilityChange Change(long epoch, long from, long to, WireBackendState state) => new(App, epoch, from, to, [Row(state)], [], false);

    private static EligibilityRow Row(WireBackendState state) => new(Key.Value, state, state == WireBackendState.Up, true, false, false);
}
