using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Core;
using OrleansLb.Core.Agents;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Http.LoadBalancing;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

/// <summary>A policy over a pool of backends called b0, b1 and so on, without a network.</summary>
internal sealed class PolicyBench
{
    private const string PoolId = "app";

    private readonly PoolTable _pools = new();
    private readonly ClusterState _cluster = new(PoolId);
    private readonly PoolDefinition _definition;
    private readonly ILoadBalancingPolicy _policy;

    public PolicyBench(
        Func<PickPlans, TimeProvider, ILoadBalancingPolicy> policy,
        BalancingDefinition balancing,
        int backends,
        Func<int, BackendDefinition, BackendDefinition>? vary = null,
        string zone = "")
    {
        _definition = new PoolDefinition
        {
            Id = PoolId,
            Balancing = balancing,
            Backends = [.. Enumerable.Range(0, backends).Select(i => (vary ?? Same)(i, Backend(i)))],
        };
        Configure(static pool => pool);
        var options = Options.Create(new FrontendOptions { Id = "fe-1", Zone = zone });
        _policy = policy(new PickPlans(_pools, new PickPlanner(options), Clock), Clock);
        Destinations = [.. _definition.Backends.Select(static backend => new DestinationState(backend.Id))];
        Judge(static _ => null);
    }

    public FakeTimeProvider Clock { get; } = new();

    public List<DestinationState> Destinations { get; private set; }

    public FrontendPool Pool => _pools.Current[PoolId];

    private TimeSpan Now => Clock.GetElapsedTime(0);

    /// <summary>Says what the cluster would: for how long each backend has been eligible after being out, or that it is out.</summary>
    /// <param name="eligibleFor">By index; <see langword="null"/> for one that was never out, a negative time for one that is out.</param>
    /// <param name="percent">By index, what its agent makes of its weight; <see langword="null"/> for nothing.</param>
    /// <param name="byPanic">By index, whether it is eligible only because there is a panic.</param>
    /// <param name="isDegraded">By index, whether it serves on with a part of its weight.</param>
    public void Judge(Func<int, TimeSpan?> eligibleFor, Func<int, int?>? percent = null, Func<int, bool>? byPanic = null, Func<int, bool>? isDegraded = null)
    {
        var statuses = _definition.Backends.Select((backend, i) => (backend.Key, For: eligibleFor(i), Percent: percent?.Invoke(i), ByPanic: byPanic?.Invoke(i) ?? false, Eligible: isDegraded?.Invoke(i) == true ? BackendState.Degraded : BackendState.Up)).Select(each =>
            new BackendStatus(each.Key, each.For < TimeSpan.Zero ? BackendState.Down : each.Eligible, !(each.For < TimeSpan.Zero), !(each.For < TimeSpan.Zero), each.ByPanic, false)
            {
                Agent = new AgentState(each.Percent, AgentService.Ready, false),
                EligibleSince = each.For is { } time && time >= TimeSpan.Zero ? Now - time : null,
            });
        var table = new PoolEligibility(1, PoolEligibility.Ordered(statuses), false);
        _pools.ChangeHealth(PoolId, _ => new PoolHealthView(1, table, []));
        Destinations = [.. _definition.Backends.Where((_, i) => !(eligibleFor(i) < TimeSpan.Zero)).Select(static backend => new DestinationState(backend.Id))];
    }

    /// <summary>Puts another definition of the pool in force, which YARP does not know of yet.</summary>
    public void Configure(Func<PoolDefinition, PoolDefinition> change) =>
        _pools.Apply(ClusterSnapshot.Empty with { Pools = new Dictionary<string, PoolDefinition> { [PoolId] = change(_definition) }.ToFrozenDictionary() });

    public string? Pick(IReadOnlyList<DestinationState> destinations) => _policy.PickDestination(new DefaultHttpContext(), _cluster, destinations)?.DestinationId;

    public string? Pick(HttpContext? context = null) => _policy.PickDestination(context ?? new DefaultHttpContext(), _cluster, Destinations)?.DestinationId;

    /// <summary>How often each backend is picked.</summary>
    public int[] Counts(int picks)
    {
        var counts = new int[_definition.Backends.Length];
        for (var i = 0; i < picks; i++)
            counts[Pool.IndexById[Pick()!]]++;
        return counts;
    }

    private static BackendDefinition Same(int index, BackendDefinition backend) => backend;

    private static BackendDefinition Backend(int index) => new(
        $"b{index}", new Uri("http://127.0.0.1:1/"), new Uri("http://127.0.0.1:1/"), null, 1, 1, BackendKey.Of(PoolId, $"b{index}", 1));
}
