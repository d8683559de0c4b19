using OrleansLb.Core.Balancing;
using OrleansLb.Core.Health;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>What a backend is worth at a moment: as configured, as its state and its agent leave it, and as far as it has warmed up.</summary>
internal static class BackendWeight
{
    // A degraded backend goes on serving, at a quarter of its share.
    private const double DegradedShare = 0.25;

    public static double Of(FrontendPool pool, PoolHealthView health, int index, TimeSpan now)
    {
        var weight = pool.Definition.Backends[index].Weight * SlowStartRamp.Factor(now - health.EligibleSince(index), pool.Definition.Balancing.SlowStart)
            * health.AgentWeightFactor(index);
        return health.StateOf(index) == BackendState.Degraded ? weight * DegradedShare : weight;
    }
}
