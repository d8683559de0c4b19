using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>
/// Finds the plan of a list of destinations, made once for as long as it holds: YARP keeps a list until a configuration or a verdict changes it, so
/// a pick costs one lookup.
/// </summary>
internal sealed class PickPlans(PoolTable pools, PickPlanner planner, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    private readonly ConditionalWeakTable<IReadOnlyList<DestinationState>, PickPlan> _plans = [];

    public PickPlan Of(string poolId, IReadOnlyList<DestinationState> destinations)
    {
        var (table, now) = (pools.Current, clock.GetElapsedTime(0));
        if (_plans.TryGetValue(destinations, out var known) && known.IsCurrent(table, now))
            return known;
        var plan = planner.Plan(table, poolId, destinations, now);
        _plans.AddOrUpdate(destinations, plan);
        return plan;
    }
}
