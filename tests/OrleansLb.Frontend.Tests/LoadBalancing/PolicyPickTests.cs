using System.Net;
using Microsoft.AspNetCore.Http;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.LoadBalancing;
using Yarp.ReverseProxy.LoadBalancing;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

/// <summary>Each policy over a pool, by what it is told of the pool and of the request.</summary>
public sealed class PolicyPickTests
{
    [Fact]
    public void WeightedRoundRobin_FiveOneOne_TakesTurnsByWeight()
    {
        var bench = new PolicyBench(static (plans, _) => new WeightedRoundRobinPolicy(plans), new BalancingDefinition(), 3, Weigh(5, 1, 1));
        Assert.Equal([500, 100, 100], bench.Counts(700));
    }

    [Fact]
    public void WeightedRoundRobin_AnAgentNamesAPercentage_TakesTurnsByWhatIsLeftOfTheWeight()
    {
        var bench = new PolicyBench(static (plans, _) => new WeightedRoundRobinPolicy(plans), new BalancingDefinition(), 3, Weigh(5, 1, 1));
        bench.Judge(static _ => null, static i => i == 0 ? 20 : i == 1 ? 200 : null);
        Assert.Equal([100, 200, 100], bench.Counts(400));
    }

    [Fact]
    public void WeightedRoundRobin_OneIsDegraded_TakesAQuarterOfItsTurns()
    {
        var bench = new PolicyBench(static (plans, _) => new WeightedRoundRobinPolicy(plans), new BalancingDefinition(), 3);
        bench.Judge(static _ => null, isDegraded: static i => i == 1);
        Assert.Equal([400, 100, 400], bench.Counts(900));
    }

    [Theory]
    [InlineData(LoadBalancingPolicyNames.ConsistentHash)]
    [InlineData(LoadBalancingPolicyNames.Rendezvous)]
    [InlineData(LoadBalancingPolicyNames.Maglev)]
    public void Hashing_PoolHasAnotherPolicyMeanwhile_GoesSomewhere(string meanwhile)
    {
        foreach (var policy in (Func<PickPlans, TimeProvider, ILoadBalancingPolicy>[])
            [
                static (plans, _) => new ConsistentHashPolicy(plans),
                static (plans, _) => new MaglevPolicy(LoadBalancingPolicyNames.Maglev, plans),
                static (plans, clock) => new BoundedLoadHashPolicy(plans, clock),
            ])
        {
            var bench = new PolicyBench(policy, new BalancingDefinition(), 3);
            bench.Configure(pool => pool with { Balancing = new BalancingDefinition { Policy = meanwhile } });
            Assert.NotNull(bench.Pick(new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Loopback } }));
        }
    }

    [Fact]
    public void RoundRobin_Weights_DoNotCount()
    {
        var bench = new PolicyBench(static (plans, _) => new RoundRobinPolicy(plans), new BalancingDefinition(), 3, Weigh(5, 1, 1));
        Assert.Equal([100, 100, 100], bench.Counts(300));
    }

    [Fact]
    public void PowerOfTwoChoices_OneIsBusy_IsLeftToTheOthers()
    {
        var bench = new PolicyBench(static (plans, clock) => new ClusterPowerOfTwoChoicesPolicy(plans, clock), new BalancingDefinition(), 3);
        for (var i = 0; i < 5; i++)
            bench.Pool.Slots[1].Begin();
        Assert.Equal(0, bench.Counts(300)[1]);
    }

    [Fact]
    public void LeastResponseTime_OneIsTenTimesSlower_GetsItsShareOnlyWhenTheOthersAreBusy()
    {
        var bench = new PolicyBench(static (plans, clock) => new LeastResponseTimePolicy(plans, clock), new BalancingDefinition(), 2);
        var now = bench.Clock.GetElapsedTime(0);
        bench.Pool.Slots[0].Answered(now, TimeSpan.FromMilliseconds(10), 200);
        bench.Pool.Slots[1].Answered(now, TimeSpan.FromMilliseconds(100), 200);
        Assert.Equal("b0", bench.Pick());
        for (var i = 0; i < 20; i++)
            bench.Pool.Slots[0].Begin();
        Assert.Equal("b1", bench.Pick());
    }

    [Fact]
    public void LeastResponseTime_ASlowAnswer_CountsWithTheNextLook()
    {
        var bench = new PolicyBench(static (plans, clock) => new LeastResponseTimePolicy(plans, clock), new BalancingDefinition(), 2);
        foreach (var slot in bench.Pool.Slots)
            slot.Answered(bench.Clock.GetElapsedTime(0), TimeSpan.FromMilliseconds(10), 200);
        bench.Pick();
        bench.Clock.Advance(TimeSpan.FromMilliseconds(20));
        bench.Pool.Slots[0].Answered(bench.Clock.GetElapsedTime(0), TimeSpan.FromSeconds(1), 200);
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal("b1", bench.Pick()));
    }

    [Fact]
    public void HotCold_NobodyIsHot_TakesTheFastest()
    {
        var bench = new PolicyBench(static (plans, clock) => new HotColdPolicy(plans, clock), new BalancingDefinition(), 4);
        for (var i = 0; i < 4; i++)
            bench.Pool.Slots[i].Answered(bench.Clock.GetElapsedTime(0), TimeSpan.FromMilliseconds(10 * (i == 2 ? 1 : 5)), 200);
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal("b2", bench.Pick()));
    }

    // Verdicts make a new plan each time; what is usual must outlive it, or the time that was long only because the backend was busy would keep it from being tried.
    [Fact]
    public void HotCold_OneWasSlowBecauseItWasBusy_IsTriedWhenItIsIdleWhateverWasJudgedMeanwhile()
    {
        var bench = new PolicyBench(static (plans, clock) => new HotColdPolicy(plans, clock), new BalancingDefinition(), 3);
        for (var i = 0; i < 20; i++)
            bench.Pool.Slots[1].Begin();
        for (var look = 0; look < 20; look++)
        {
            for (var i = 0; i < 3; i++)
                bench.Pool.Slots[i].Answered(bench.Clock.GetElapsedTime(0), TimeSpan.FromMilliseconds(i == 1 ? 200 : 20), 200);
            bench.Pick();
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        bench.Judge(static _ => null);
        for (var i = 0; i < 20; i++)
            bench.Pool.Slots[1].End(TimeSpan.FromMilliseconds(200), failed: false);
        foreach (var other in (int[])[0, 2])
        {
            for (var i = 0; i < 2; i++)
                bench.Pool.Slots[other].Begin();
        }

        Assert.Equal("b1", bench.Pick());
    }

    [Theory]
    [InlineData(LoadBalancingPolicyNames.Maglev)]
    [InlineData(LoadBalancingPolicyNames.ConsistentHash)]
    [InlineData(LoadBalancingPolicyNames.Rendezvous)]
    [InlineData(LoadBalancingPolicyNames.BoundedLoadHash)]
    public void Hashing_BackendGoesAndReturns_MovesOnlyItsKeysAndReturnsThem(string policy)
    {
        var bench = Hashing(policy, new HashKeyDefinition { Source = HashKeySourceNames.Path });
        var before = Picks(bench);
        bench.Judge(static i => i == 2 ? TimeSpan.FromSeconds(-1) : null);
        var without = Picks(bench);
        bench.Judge(static _ => null);

        Assert.Equal(before, Picks(bench));
        Assert.All(before.Keys.Where(key => before[key] != "b2"), key => Assert.Equal(before[key], without[key]));
        Assert.DoesNotContain("b2", without.Values);
    }

    [Fact]
    public void Hashing_KeyIsMissing_GoesAnywhereByWeight()
    {
        var bench = Hashing(LoadBalancingPolicyNames.Maglev, new HashKeyDefinition { Source = HashKeySourceNames.Header, Name = "X-Key" });
        Assert.All(bench.Counts(1000), static count => Assert.InRange(count, 150, 350));
    }

    [Theory]
    [InlineData(HashKeySourceNames.Header)]
    [InlineData(HashKeySourceNames.Cookie)]
    [InlineData(HashKeySourceNames.QueryParameter)]
    [InlineData(HashKeySourceNames.Path)]
    [InlineData(HashKeySourceNames.PathAndQuery)]
    [InlineData(HashKeySourceNames.ClientIp)]
    public void Hashing_OneKey_AlwaysGoesToOneBackendAndOthersElsewhere(string source)
    {
        var bench = Hashing(LoadBalancingPolicyNames.Maglev, new HashKeyDefinition { Source = source, Name = "X-Key" });
        var byKey = Enumerable.Range(0, 64).Select(key => Enumerable.Range(0, 5).Select(_ => bench.Pick(Request(source, key))).Distinct().ToArray()).ToArray();
        Assert.All(byKey, static picks => Assert.Single(picks));
        Assert.Equal(4, byKey.Select(static picks => picks[0]).Distinct().Count());
    }

    [Fact]
    public void BoundedLoadHash_ItsBackendIsFull_OverflowsToAnotherAndAlwaysTheSame()
    {
        var bench = Hashing(LoadBalancingPolicyNames.BoundedLoadHash, new HashKeyDefinition { Source = HashKeySourceNames.Path });
        var first = bench.Pick(Path(7))!;
        for (var i = 0; i < 10; i++)
            bench.Pool.Slots[bench.Pool.IndexById[first]].Begin();
        var overflow = bench.Pick(Path(7));
        Assert.NotEqual(first, overflow);
        Assert.Equal(overflow, bench.Pick(Path(7)));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Pick_ManyTimes_AllocatesNothing(string name)
    {
        var bench = new PolicyBench((plans, clock) => Create(name, plans, clock), new BalancingDefinition { Policy = name }, 50);
        var context = Path(1);
        for (var i = 0; i < 1000; i++)
            bench.Pick(context);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            bench.Pick(context);
        // Less than a byte a pick: the runtime itself may allocate once, when it compiles the loop anew.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 9_999);
    }

    public static TheoryData<string> Policies =>
    [
        LoadBalancingPolicyNames.RoundRobin, LoadBalancingPolicyNames.Random, LoadBalancingPolicyNames.WeightedRoundRobin, LoadBalancingPolicyNames.WeightedRandom,
        LoadBalancingPolicyNames.ClusterLeastRequests, LoadBalancingPolicyNames.ClusterPowerOfTwoChoices, LoadBalancingPolicyNames.LeastResponseTime,
        LoadBalancingPolicyNames.HotCold, LoadBalancingPolicyNames.Maglev, LoadBalancingPolicyNames.ConsistentHash, LoadBalancingPolicyNames.Rendezvous,
        LoadBalancingPolicyNames.BoundedLoadHash, LoadBalancingPolicyNames.ResourceBased,
    ];

    private static ILoadBalancingPolicy Create(string name, PickPlans plans, TimeProvider clock) => name switch
    {
        LoadBalancingPolicyNames.RoundRobin => new RoundRobinPolicy(plans),
        LoadBalancingPolicyNames.Random => new RandomPolicy(plans),
        LoadBalancingPolicyNames.WeightedRoundRobin => new WeightedRoundRobinPolicy(plans),
        LoadBalancingPolicyNames.WeightedRandom => new WeightedRandomPolicy(plans),
        LoadBalancingPolicyNames.ClusterLeastRequests => new ClusterLeastRequestsPolicy(plans, clock),
        LoadBalancingPolicyNames.ClusterPowerOfTwoChoices => new ClusterPowerOfTwoChoicesPolicy(plans, clock),
        LoadBalancingPolicyNames.LeastResponseTime => new LeastResponseTimePolicy(plans, clock),
        LoadBalancingPolicyNames.HotCold => new HotColdPolicy(plans, clock),
        LoadBalancingPolicyNames.ResourceBased => new ResourceBasedPolicy(plans, clock),
        LoadBalancingPolicyNames.ConsistentHash => new ConsistentHashPolicy(plans),
        LoadBalancingPolicyNames.Rendezvous => new RendezvousPolicy(plans),
        LoadBalancingPolicyNames.BoundedLoadHash => new BoundedLoadHashPolicy(plans, clock),
        _ => new MaglevPolicy(name, plans),
    };

    private static PolicyBench Hashing(string policy, HashKeyDefinition key) =>
        new((plans, clock) => Create(policy, plans, clock), new BalancingDefinition { Policy = policy, HashKey = key }, 4);

    private static Dictionary<int, string?> Picks(PolicyBench bench) => Enumerable.Range(0, 200).ToDictionary(static key => key, key => bench.Pick(Path(key)));

    private static DefaultHttpContext Path(int key) => Request(HashKeySourceNames.Path, key);

    private static DefaultHttpContext Request(string source, int key)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = new IPAddress([10, 0, 0, (byte)(source == HashKeySourceNames.ClientIp ? key : 1)]);
        context.Request.Path = source == HashKeySourceNames.Path ? $"/{key}" : "/same";
        context.Request.QueryString = new QueryString(source switch
        {
            HashKeySourceNames.QueryParameter => $"?other=1&x-key={key}",
            HashKeySourceNames.PathAndQuery => $"?{key}",
            _ => "",
        });
        if (source == HashKeySourceNames.Header)
            context.Request.Headers["X-Key"] = $"{key}";
        if (source == HashKeySourceNames.Cookie)
            context.Request.Headers.Cookie = $"a=b; X-Key={key}; c=d";
        return context;
    }

    private static Func<int, BackendDefinition, BackendDefinition> Weigh(params int[] weights) => (i, backend) => backend with { Weight = weights[i] };
}
