using Microsoft.Extensions.Hosting;
using OrleansLb.Frontend.Cluster;

namespace OrleansLb.Frontend.Leases;

/// <summary>Writes the share to disk beside the heartbeats, which must not wait for a disk.</summary>
internal sealed class LimitShareKeeper(LimitShare share, ClusterContact contact, LimitClock clock) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            share.Keep(contact.Silence);
            await Task.Delay(Period, clock.Provider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
