using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Configuration;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core;

namespace OrleansLb.Grains.Backends;

/// <summary>
/// Calls every configured pool once a second, so that pools without traffic are watched too and a pool that lost its silo is back
/// within a second of that silo's death. Every silo does; it is one small call a pool.
/// </summary>
internal sealed partial class PoolKeeper(
    IGrainFactory grains,
    IConfigurationView configuration,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<PoolKeeper> logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private Task _keeping = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(PoolKeeper), ServiceLifecycleStage.Active, Start, Stop);

    public void Dispose() => _stop.Dispose();

    private Task Start(CancellationToken cancellationToken)
    {
        _keeping = Task.Run(Keep, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task Stop(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _keeping;
    }

    private async Task Keep()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.WhenAll(configuration.Current.Snapshot.Pools.Keys.Select(Touch));
            await Task.Delay(Period, clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Touch(string poolId)
    {
        try
        {
            await grains.GetGrain<IPoolGrain>(poolId).Touch();
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotTouched(logger, poolId, exception.Message);
        }
    }
}
