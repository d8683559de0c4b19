using Microsoft.Extensions.Logging;
using OrleansLb.Contracts.Backends;
using OrleansLb.Grains.Hosting;

namespace OrleansLb.Grains.Backends;

/// <summary>Keeps what administrators decided about one backend.</summary>
[GrainType("backend")]
internal sealed partial class BackendGrain(
    [PersistentState("backend", GrainsSiloBuilderExtensions.StorageName)] IPersistentState<BackendGrainState> stored,
    ILogger<BackendGrain> logger) : Grain, IBackendGrain
{
    public async ValueTask Set(WireAdminState state)
    {
        var (poolId, backendId) = BackendGrainKey.Parse(this.GetPrimaryKeyString());
        if (stored.State.Admin != state)
        {
            await Store(state);
            LogDecided(logger, poolId, backendId, state);
        }

        // Also when nothing changed: the first attempt may have been stored and then lost on the way to the pool.
        await GrainFactory.GetGrain<IPoolGrain>(poolId).ApplyAdmin(backendId, state);
    }

    public ValueTask<WireAdminState> Get() => new(stored.State.Admin);

    private async Task Store(WireAdminState state)
    {
        var before = stored.State.Admin;
        stored.State.Admin = state;
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            // What is not stored is not in force, and whether it was stored is only known after reading it again.
            stored.State.Admin = before;
            DeactivateOnIdle();
            throw;
        }
    }
}
