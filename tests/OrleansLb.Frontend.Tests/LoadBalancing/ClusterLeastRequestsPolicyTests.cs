using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.LoadBalancing;
using OrleansLb.Frontend.Pools;
using OrleansLb.Testing.Clocks;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

public sealed class ClusterLeastRequestsPolicyTests
{
    private readonly LeapingClock _clock = new();
    private readonly PoolTable _pools = new();
    private readonly ClusterState _cluster = new("app");
    private readonly DefaultHttpContext _context = new();

    private TimeSpan Now => _clock.GetElapsedTime(0);

    [Fact]
    public void Pick_OthersAreBusyAtOne_TakesTheOther()
    {
        var (policy, destinations) = Setup(2);
        _pools.Current["app"].Load.View = Foreign(0, 5, 3);
        for (var i = 0; i < 100; i++)
            Assert.Same(destinations[0], policy.PickDestination(_context, _cluster, destinations));
    }

    [Fact]
    public void Pick_OwnAndForeign_AreAddedUp()
    {
        var (policy, destinations) = Setup(2);
        var pool = _pools.Current["app"];
        pool.Load.View = Foreign(0, 5);
        for (var i = 0; i < 6; i++)
            pool.Slots[0].Begin();
        Assert.Same(destinations[1], policy.PickDestination(_context, _cluster, destinations));
    }

    [Fact]
    public void Pick_SnapshotOld_GoesByOwnCounts()
    {
        var (policy, destinations) = Setup(2);
        var pool = _pools.Current["app"];
        pool.Load.View = Foreign(0, 50);
        pool.Slots[0].Begin();
        _clock.Leap(TimeSpan.FromMinutes(1));
        Assert.Same(destinations[1], policy.PickDestination(_context, _cluster, destinations));
    }

    [Fact]
    public void Pick_Weights_ShareInFlightInProportion()
    {
        var (policy, destinations) = Setup(2, weight: 3);
        var pool = _pools.Current["app"];
        for (var i = 0; i < 400; i++)
            pool.Slots[destinations.IndexOf(policy.PickDestination(_context, _cluster, destinations)!)].Begin();
        Assert.Equal((100, 300), (pool.Slots[0].Requests, pool.Slots[1].Requests));
    }

    [Fact]
    public void Pick_ConfigurationReplaced_UsesItsSlotsAndNotTheOldView()
    {
        var (policy, destinations) = Setup(2);
        _pools.Current["app"].Load.View = Foreign(0, 5);
        policy.PickDestination(_context, _cluster, destinations);
        _pools.Apply(Snapshot(3, 1));
        _pools.Current["app"].Slots[0].Begin();
        Assert.Same(destinations[1], policy.PickDestination(_context, _cluster, destinations));
    }

    [Fact]
    public void Pick_UnknownPool_TakesAny()
    {
        var (policy, destinations) = Setup(2);
        Assert.InRange(destinations.IndexOf(policy.PickDestination(_context, new ClusterState("other"), destinations)!), 0, 1);
    }

    [Fact]
    public void Pick_ManyTimes_AllocatesNothing()
    {
        var (policy, destinations) = Setup(50);
        _pools.Current["app"].Load.View = Foreign([.. Enumerable.Range(0, 50)]);
        for (var i = 0; i < 1000; i++)
            policy.PickDestination(_context, _cluster, destinations);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            policy.PickDestination(_context, _cluster, destinations);
        // Less than a byte a pick: the runtime itself may allocate once, when it compiles the loop anew.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 9_999);
    }

    private (ClusterLeastRequestsPolicy Policy, List<DestinationState> Destinations) Setup(int backends, int weight = 1)
    {
        _pools.Apply(Snapshot(backends, weight));
        return (new ClusterLeastRequestsPolicy(new PickPlans(_pools, new PickPlanner(Options.Create(new FrontendOptions { Id = "fe" })), _clock), _clock), [.. Enumerable.Range(0, backends).Select(static i => new DestinationState(Id(i)))]);
    }

    /// <summary>What a real exchange gives of a front-end with these requests in flight.</summary>
    private ForeignLoad Foreign(params int[] requests)
    {
        var keys = _pools.Current["app"].Keys;
        var pool = new PoolLoadMachine("silo", Now - TimeSpan.FromMinutes(1));
        var other = new FrontendLoadMachine("other", 1);
        pool.Exchange(other.Report([.. requests.Zip(keys).Select(static pair => new LoadEntry(pair.Second, pair.First, 0))], default, Now), Now);
        var self = new FrontendLoadMachine("self", 1);
        self.SetBackends(keys);
        self.Accept(pool.Exchange(self.Report([], default, Now), Now));
        return self.View;
    }

    private static string Id(int index) => $"b{index:00}";

    private static ClusterSnapshot Snapshot(int backends, int lastWeight) => ClusterSnapshot.Empty with
    {
        Pools = new Dictionary<string, PoolDefinition>
        {
            ["app"] = new()
            {
                Id = "app",
                Backends = [.. Enumerable.Range(0, backends).Select(i => new BackendDefinition(
                    Id(i),
                    new Uri("http://127.0.0.1:1/"),
                    new Uri("http://127.0.0.1:1/"),
                    null,
                    i == backends - 1 ? lastWeight : 1,
                    1,
                    BackendKey.Of("app", Id(i), 1)))],
            },
        }.ToFrozenDictionary(),
    };
}
