using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLb.Core;

namespace OrleansLb.Frontend.Sessions;

/// <summary>
/// Asks the ranges whose sessions were used without asking whether a push was missed, and forgets sessions that nobody uses.
/// </summary>
internal sealed class SessionKeeper(
    LearnedSessions sessions,
    SessionRanges ranges,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock) : BackgroundService
{
    private const int RoundsBetweenPrunes = 10;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        for (var round = 1; !stoppingToken.IsCancellationRequested; round++)
        {
            await Task.WhenAll(sessions.Pools.SelectMany(pool => pool.TakeUsed().Select(range => ranges.Look(pool, range))));
            if (round % RoundsBetweenPrunes == 0)
                Prune();
            await Task.Delay(Period, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Prune()
    {
        foreach (var pool in sessions.Pools)
        {
            foreach (var range in pool.Ranges)
                range.Prune(pool.IdleTimeout, clock.GetElapsedTime(0));
        }
    }
}
