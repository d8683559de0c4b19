using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.LoadBalancing;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

/// <summary>The policies that take the place of YARP's of the same name do at one front-end what YARP's do.</summary>
public sealed class SameAsYarpTests : IAsyncDisposable
{
    private static readonly double[] Even = [1, 1, 1, 1, 1];

    private readonly ServiceProvider _yarp = new ServiceCollection().AddLogging().AddReverseProxy().Services.BuildServiceProvider();
    private readonly ClusterState _cluster = new("app");

    public ValueTask DisposeAsync() => _yarp.DisposeAsync();

    [Fact]
    public void RoundRobin_FromWhereverItStarts_TakesTheSameTurns()
    {
        var (ours, yarps) = (Bench(static (plans, _) => new RoundRobinPolicy(plans)), Yarps(LoadBalancingPolicyNames.RoundRobin));
        var theirs = Picks(100, () => Pick(yarps, ours.Destinations));
        var start = Array.IndexOf(theirs, ours.Pick());
        Assert.Equal(theirs[(start + 1)..(start + 91)], Picks(90, () => ours.Pick()));
    }

    [Fact]
    public void RoundRobin_OneIsOut_TakesTheSameTurnsAmongTheOthers()
    {
        var (ours, yarps) = (Bench(static (plans, _) => new RoundRobinPolicy(plans)), Yarps(LoadBalancingPolicyNames.RoundRobin));
        ours.Judge(static i => i == 2 ? TimeSpan.FromSeconds(-1) : null);
        var theirs = Picks(100, () => Pick(yarps, ours.Destinations));
        Assert.DoesNotContain("b2", theirs);
        var start = Array.IndexOf(theirs, ours.Pick());
        Assert.Equal(theirs[(start + 1)..(start + 91)], Picks(90, () => ours.Pick()));
    }

    [Fact]
    public void Random_BothByTheirCounts_DrawAllAlike()
    {
        var (ours, yarps) = (Bench(static (plans, _) => new RandomPolicy(plans)), Yarps(LoadBalancingPolicyNames.Random));
        AssertEven(Picks(10_000, () => Pick(yarps, ours.Destinations)));
        AssertEven(Picks(10_000, () => ours.Pick()));
    }

    [Theory]
    [InlineData(LoadBalancingPolicyNames.RoundRobin)]
    [InlineData(LoadBalancingPolicyNames.Random)]
    public void Both_NoneOrOneAvailable_GiveNoneOrThatOne(string name)
    {
        var (ours, yarps) = (Bench((plans, _) => name == LoadBalancingPolicyNames.Random ? new RandomPolicy(plans) : new RoundRobinPolicy(plans)), Yarps(name));
        Assert.Null(Pick(yarps, []));
        Assert.Null(ours.Pick([]));
        Assert.Equal("b1", Pick(yarps, ours.Destinations[1..2]));
        Assert.Equal("b1", ours.Pick(ours.Destinations[1..2]));
    }

    // Unequal weights, which neither of the two heeds.
    private static PolicyBench Bench(Func<PickPlans, TimeProvider, ILoadBalancingPolicy> policy) =>
        new(policy, BalancingDefinition.Default, Even.Length, static (i, backend) => backend with { Weight = 1 + (3 * i) });

    private ILoadBalancingPolicy Yarps(string name) => _yarp.GetServices<ILoadBalancingPolicy>().Single(policy => policy.Name == name);

    private string? Pick(ILoadBalancingPolicy policy, IReadOnlyList<DestinationState> destinations) =>
        policy.PickDestination(new DefaultHttpContext(), _cluster, destinations)?.DestinationId;

    private static string?[] Picks(int count, Func<string?> pick) => [.. Enumerable.Range(0, count).Select(_ => pick())];

    private static void AssertEven(string?[] picks)
    {
        var counts = Even.Select((_, i) => picks.Count(pick => pick == $"b{i}")).ToArray();
        // Six standard deviations: never by chance.
        Assert.All(counts, static count => Assert.InRange(count, 1760, 2240));
    }
}
