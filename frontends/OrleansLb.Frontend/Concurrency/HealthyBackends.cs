using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Concurrency;

/// <summary>Those that the cluster lets take new traffic, less those that refused this front-end a moment ago.</summary>
internal sealed class HealthyBackends([FromKeyedServices(Clocks.Key)] TimeProvider clock) : IAvailableBackends
{
    public IReadOnlyList<bool> Of(FrontendPool pool)
    {
        var (health, now) = (pool.Health, clock.GetElapsedTime(0));
        return [.. Enumerable.Range(0, pool.Slots.Length).Select(index => health.TakesNew(index) && !pool.Holds.IsHeld(index, now))];
    }
}
