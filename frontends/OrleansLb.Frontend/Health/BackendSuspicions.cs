using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Health;

/// <summary>
/// What happens when a backend refuses a connection or resets it before the first byte: this front-end leaves it out for a second,
/// and the cluster is told, once for all requests that fail together.
/// </summary>
public sealed partial class BackendSuspicions(
    PoolTable pools,
    IClusterLink link,
    ClusterContact contact,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<BackendSuspicions> logger)
{
    /// <summary>Timers count by a coarser clock than the hold does: one that fires early would find it still in force, and look no more.</summary>
    private static readonly TimeSpan TimerSlack = TimeSpan.FromMilliseconds(50);

    /// <summary>Raised with each suspicion while the front-end is on its own.</summary>
    internal event Action<string, BackendKey>? Raised;

    /// <summary>A connection was refused, or reset before the first byte.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="index">Index of the backend's slot.</param>
    public void Report(FrontendPool pool, int index)
    {
        ArgumentNullException.ThrowIfNull(pool);

        // Where the cluster probes, a suspicion only makes it look at once, whether or not passive checks may eject.
        var isEvidence = pool.Definition.PassiveHealth || pool.Definition.ActiveHealth is not null;
        if (!isEvidence || !pool.Holds.Hold(index, clock.GetElapsedTime(0)))
            return;

        var backend = pool.Slots[index].Definition;
        LogHeld(logger, pool.Definition.Id, backend.Id);
        pools.HoldsChanged(pool);
        _ = EndHold(pool);
        _ = Tell(pool.Definition.Id, backend.Id, backend.Key);
    }

    private async Task EndHold(FrontendPool pool)
    {
        await Task.Delay(LocalHolds.Duration + TimerSlack, clock);
        pools.HoldsChanged(pool);
    }

    private async Task Tell(string poolId, string backendId, BackendKey key)
    {
        if (contact.IsLost || link.Grains is not { } grains)
        {
            Raised?.Invoke(poolId, key);
            return;
        }

        try
        {
            await grains.GetGrain<IHealthMonitorGrain>(BackendGrainKey.Of(poolId, backendId)).Suspect(key.Value);
            contact.Made();
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotTold(logger, poolId, backendId, exception.Message);
        }
    }
}
