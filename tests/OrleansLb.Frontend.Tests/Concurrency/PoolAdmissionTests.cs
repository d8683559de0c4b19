using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using OrleansLb.Core;
using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Concurrency;
using OrleansLb.Frontend.Http.Concurrency;
using OrleansLb.Frontend.Pools;
using OrleansLb.Testing.Clocks;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Tests.Concurrency;

public sealed class PoolAdmissionTests
{
    private static readonly TimeSpan Now = SlotLease.FirstAnswerTime;

    private readonly PoolTable _pools = new();

    [Fact]
    public void EnterAndLeave_SlotsFree_AllocatesNothing()
    {
        var pool = Setup(backends: 1, limit: 3);
        var slot = pool.Slots[0];

        Assert.Equal(0, LeastAllocated(() =>
        {
            Assert.True(pool.Admission.TryEnter(slot, Now));
            pool.Admission.Leave(slot);
        }));
    }

    [Fact]
    public void Pick_SlotsFree_AllocatesNothing()
    {
        var pool = Setup(backends: 8, limit: 3);
        var picker = new SlotPicker([new FirstPolicy()], new PoolTable(), TimeProvider.System);
        DestinationState[] destinations = [.. pool.Slots.Select(static slot => new DestinationState(slot.Definition.Id))];
        var proxy = new ProxyFeature(destinations);
        var context = new DefaultHttpContext();

        Assert.Equal(0, LeastAllocated(() =>
        {
            Assert.True(picker.TryPick(context, proxy, pool, out var slot) is not null);
            pool.Admission.Leave(slot!);
        }));
    }

    [Fact]
    public void Pick_FirstChoiceFull_TakesAnotherAndNoneWhenAllAreFull()
    {
        var pool = Setup(backends: 3, limit: 1);
        var picker = new SlotPicker([new FirstPolicy()], new PoolTable(), TimeProvider.System);
        DestinationState[] destinations = [.. pool.Slots.Select(static slot => new DestinationState(slot.Definition.Id))];

        Assert.Equal(["b0", "b1", "b2"], Enumerable.Range(0, 3).Select(_ => picker.TryPick(new DefaultHttpContext(), new ProxyFeature(destinations), pool, out var _)!.DestinationId));
        Assert.True(picker.TryPick(new DefaultHttpContext(), new ProxyFeature(destinations), pool, out var slot) is null);
        Assert.Null(slot);
    }

    [Fact]
    public async Task Wait_ManyAtOnce_NoWakeUpIsLostAndTheLimitHolds()
    {
        const int limit = 3;
        var pool = Setup(backends: 2, limit);
        var definition = new ConcurrencyDefinition { MaxRequestsPerBackend = limit, QueueLimit = 1000, QueueTimeout = TimeSpan.FromMinutes(5) };
        var (inside, worst) = (new int[2], 0);
        await Task.WhenAll(Enumerable.Range(0, 24).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 400; i++)
            {
                var slot = pool.Slots[(worker + i) % 2];
                if (!pool.Admission.TryEnter(slot, Now))
                {
                    var request = new WaitingRequest(worker % 3 == 0 ? slot : null, choices: null);
                    Assert.Equal(AdmissionOutcome.Entered, await pool.Admission.Wait(request, definition, CancellationToken.None));
                    slot = request.Given!;
                }

                ref var here = ref inside[slot == pool.Slots[0] ? 0 : 1];
                if (Interlocked.Increment(ref here) > limit)
                    Volatile.Write(ref worst, 1);
                await Task.Yield();
                Interlocked.Decrement(ref inside[slot == pool.Slots[0] ? 0 : 1]);
                pool.Admission.Leave(slot);
            }
        }))).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(0, worst);
        Assert.Equal(0, pool.Admission.Waiting);
        Assert.All(pool.Slots, static slot => Assert.Equal(0, slot.Gate.InUse));
    }

    [Fact]
    public async Task Wait_SlotBecameFreeBeforeItWasInTheQueue_EntersAtOnce()
    {
        var pool = Setup(backends: 2, limit: 1);
        Assert.True(pool.Admission.TryEnter(pool.Slots[0], Now));
        var request = new WaitingRequest(null, null);

        var outcome = pool.Admission.Wait(request, new ConcurrencyDefinition { MaxRequestsPerBackend = 1 }, CancellationToken.None);

        Assert.Equal(AdmissionOutcome.Entered, await outcome.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Same(pool.Slots[1], request.Given);
    }

    [Fact]
    public async Task Leave_SessionAndOthersWait_TheSlotGoesToWhoeverCameFirst()
    {
        var pool = Setup(backends: 2, limit: 1);
        var definition = new ConcurrencyDefinition { MaxRequestsPerBackend = 1 };
        Assert.All(pool.Slots, slot => Assert.True(pool.Admission.TryEnter(slot, Now)));
        WaitingRequest[] requests = [new(null, null), new(pool.Slots[0], null), new(null, ["B1"]), new(pool.Slots[0], null)];
        foreach (var request in requests)
            _ = pool.Admission.Wait(request, definition, CancellationToken.None);

        var order = new List<int>();
        for (var i = 0; i < requests.Length; i++)
        {
            pool.Admission.Leave(pool.Slots[0]);
            pool.Admission.Leave(pool.Slots[1]);
            // Each time both become free, so that as many of those who wait are served.
            foreach (var (index, request) in requests.Index().Where(each => each.Item.Task.IsCompleted && !order.Contains(each.Index)))
                order.Add(index);
            foreach (var slot in pool.Slots.Where(static slot => slot.Gate.InUse == 0))
                Assert.True(slot.Gate.TryEnter(out _));
        }

        Assert.Equal([0, 1, 2, 3], order.Order());
        Assert.Equal("b0", requests[0].Given!.Definition.Id);
        Assert.Equal("b1", requests[2].Given!.Definition.Id);
        Assert.True(order.IndexOf(1) < order.IndexOf(3));
        Assert.All(await Task.WhenAll(requests.Select(static request => request.Task)), static outcome => Assert.Equal(AdmissionOutcome.Entered, outcome));
    }

    [Fact]
    public void TryEnter_OthersWaitForOtherBackends_Enters()
    {
        var pool = Setup(backends: 3, limit: 1);
        var definition = new ConcurrencyDefinition { MaxRequestsPerBackend = 1 };
        Assert.True(pool.Admission.TryEnter(pool.Slots[0], Now));
        foreach (var request in (WaitingRequest[])[new(null, ["B0"]), new(pool.Slots[0], null)])
            _ = pool.Admission.Wait(request, definition, CancellationToken.None);
        Assert.Equal(2, pool.Admission.Waiting);

        Assert.True(pool.Admission.TryEnter(pool.Slots[1], Now));
        Assert.False(pool.Admission.TryEnter(pool.Slots[0], Now));

        Assert.True(pool.Admission.TryEnter(pool.Slots[2], Now));
        _ = pool.Admission.Wait(new WaitingRequest(null, null), definition, CancellationToken.None);
        Assert.True(pool.Slots[1].Gate.InUse == 1 && !pool.Admission.TryEnter(pool.Slots[1], Now));
    }

    [Fact]
    public void Leave_LeaseEndedMeanwhile_NobodyEntersByIt()
    {
        var pool = Setup(backends: 1, limit: 1);
        var clock = new LeapingClock();
        var now = clock.GetElapsedTime(0);
        var holder = Holder(pool, now, WhenUnreachable.Deny);
        Follow(pool, holder, clock);
        holder.TryAccept(new SlotArbiter(1, now - SlotLease.Ttl).Handle(holder.Begin([1], false, now), static _ => 1, now)!, now);
        Assert.True(pool.Admission.TryEnter(pool.Slots[0], now));
        var request = new WaitingRequest(null, null);
        _ = pool.Admission.Wait(request, pool.Definition.Concurrency!, CancellationToken.None);

        clock.Leap(SlotLease.HolderTime);
        pool.Admission.Leave(pool.Slots[0]);

        Assert.False(request.Task.IsCompleted);
        Assert.Equal((0, 0), pool.Slots[0].Gate.Read());
        Assert.Equal(1, pool.Admission.Waiting);
    }

    [Fact]
    public void CountWaiting_OthersWaitForAny_AreSpreadOverThoseThatTakeNewOnes()
    {
        var pool = Setup(backends: 3, limit: 1, new Marks(true, true, false));
        var definition = new ConcurrencyDefinition { MaxRequestsPerBackend = 1, QueueLimit = 4 };
        Assert.All(pool.Slots, slot => Assert.True(pool.Admission.TryEnter(slot, Now)));
        foreach (var request in (WaitingRequest[])[new(null, null), new(null, null), new(null, null), new(pool.Slots[2], null), new(null, null)])
            _ = pool.Admission.Wait(request, definition, CancellationToken.None);

        var waiting = new int[3];
        pool.Admission.CountWaiting(waiting);

        // Three that wait and one that was refused over two backends, and the session at its own.
        Assert.Equal([2, 2, 1], waiting);
        pool.Admission.CountWaiting(waiting);
        Assert.Equal([2, 2, 1], waiting);
    }

    [Fact]
    public void Of_BackendRefusedAConnection_IsLeftOutWhileItIsHeld()
    {
        var pool = Setup(backends: 2, limit: 1);
        var clock = new LeapingClock();
        var backends = new HealthyBackends(clock);
        pool.Holds.Hold(1, clock.GetElapsedTime(0));

        Assert.Equal([true, false], backends.Of(pool));
        clock.Leap(LocalHolds.Duration);
        Assert.Equal([true, true], backends.Of(pool));
    }

    private FrontendPool Setup(int backends, int limit, IAvailableBackends? available = null)
    {
        var definition = new ConcurrencyDefinition { MaxRequestsPerBackend = limit };
        _pools.Apply(ClusterSnapshot.Empty with
        {
            Pools = new Dictionary<string, PoolDefinition>
            {
                ["app"] = new()
                {
                    Id = "app",
                    Concurrency = definition,
                    Backends = [.. Enumerable.Range(0, backends).Select(static i => new BackendDefinition(
                        $"b{i}", new Uri("http://127.0.0.1:1/"), new Uri("http://127.0.0.1:1/"), null, 1, 1, BackendKey.Of("app", $"b{i}", 1)))],
                },
            }.ToFrozenDictionary(),
        });
        var pool = _pools.Current["app"];
        // A front-end that no cluster ever answered has the whole limit.
        var holder = Holder(pool, TimeSpan.Zero);
        holder.Lapse(Now);
        Follow(pool, holder, TimeProvider.System, available);
        return pool;
    }

    private static SlotHolder Holder(FrontendPool pool, TimeSpan now, WhenUnreachable choice = WhenUnreachable.Share)
    {
        var holder = new SlotHolder("fe", 1, now);
        holder.Configure(choice, [.. pool.Slots.Select(slot => new SlotPlace(slot.Definition.Key, slot.Gate, pool.Definition.Concurrency!.MaxRequestsPerBackend))], now);
        return holder;
    }

    private static void Follow(FrontendPool pool, SlotHolder holder, TimeProvider clock, IAvailableBackends? available = null) =>
        pool.Admission.Follow(pool, holder, available ?? new Marks([.. pool.Slots.Select(static _ => true)]), clock, static () => { });

    // The runtime itself may allocate now and then, when it compiles a loop anew.
    private static long LeastAllocated(Action action)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 1000 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 20; i++)
                action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private sealed class Marks(params bool[] marks) : IAvailableBackends
    {
        public IReadOnlyList<bool> Of(FrontendPool pool) => marks;
    }

    private sealed class FirstPolicy : ILoadBalancingPolicy
    {
        public string Name => LoadBalancingPolicies.FirstAlphabetical;

        public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations) => availableDestinations[0];
    }

    private sealed class ProxyFeature(IReadOnlyList<DestinationState> destinations) : IReverseProxyFeature
    {
        public RouteModel Route { get; } = new(new RouteConfig(), new ClusterState("app"), HttpTransformer.Default);

        public ClusterModel Cluster { get; set; } = new(
            new ClusterConfig { ClusterId = "app", LoadBalancingPolicy = LoadBalancingPolicies.FirstAlphabetical },
            new HttpMessageInvoker(new SocketsHttpHandler()));

        public IReadOnlyList<DestinationState> AllDestinations { get; init; } = destinations;

        public IReadOnlyList<DestinationState> AvailableDestinations { get; set; } = destinations;

        public DestinationState? ProxiedDestination { get; set; }
    }
}
