using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Circuits;

/// <summary>
/// Asks the pool for the one trial of a half-open circuit. Of the requests of this front-end one asks, and not more often than every tenth of a second; the others go their way.
/// </summary>
internal sealed partial class CircuitTrials(
    IClusterLink link,
    ClusterContact contact,
    LocalProbing alone,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<CircuitTrials> logger)
{
    /// <summary>Asks.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="index">Index of the backend's slot.</param>
    /// <returns>The trial; <see langword="null"/> when it is not for this request.</returns>
    public async ValueTask<CircuitTicket?> Begin(FrontendPool pool, int index)
    {
        var slot = pool.Slots[index];
        if (!slot.MayAskForTrial(clock.GetElapsedTime(0)))
            return null;
        var (poolId, key) = (pool.Definition.Id, slot.Definition.Key);
        if (contact.IsLost || link.Grains is not { } grains)
            return alone.BeginTrial(poolId, key) is var own and not 0 ? new CircuitTicket(slot, outcome => alone.EndTrial(poolId, key, own, outcome)) : null;
        try
        {
            var trial = await grains.GetGrain<IPoolGrain>(poolId).BeginTrial(key.Value);
            contact.Made();
            return trial == 0 ? null : new CircuitTicket(slot, outcome => _ = Tell(grains, poolId, key, trial, outcome));
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            // A trial that was given and not heard of ends by its time.
            LogNotAsked(logger, poolId, slot.Definition.Id, exception.Message);
            return null;
        }
    }

    private async Task Tell(IGrainFactory grains, string poolId, BackendKey key, long trial, TrialOutcome outcome)
    {
        try
        {
            await grains.GetGrain<IPoolGrain>(poolId).EndTrial(key.Value, trial, (WireTrialOutcome)outcome);
            contact.Made();
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotTold(logger, poolId, key, outcome, exception.Message);
        }
    }
}
