using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Health;

/// <summary>What this front-end can tell silos about backends.</summary>
internal sealed class PoolHealthWitness(PoolTable pools, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    /// <summary>How long ago the backend answered; <see langword="null"/> for never, or for another generation.</summary>
    public TimeSpan? LastAnswer(AnswerQuery query)
    {
        if (!pools.Current.TryGetValue(query.PoolId, out var pool))
            return null;
        var slot = pool.Slots.FirstOrDefault(slot => slot.Definition.Key.Value == query.BackendKey);
        return clock.GetElapsedTime(0) - slot?.LastAnswer;
    }

    /// <summary>What was last held to be true of a pool.</summary>
    public EligibilityTable? LastEligibility(string poolId) =>
        pools.Current.TryGetValue(poolId, out var pool) && pool.Health is { IsInformed: true } health ? health.ToWire(clock.GetElapsedTime(0)) : null;
}
