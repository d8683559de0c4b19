using Microsoft.Extensions.Hosting;

namespace OrleansLb.Frontend.Leases;

/// <summary>Gives back what idle keys hold, and forgets keys that nobody uses.</summary>
internal sealed class LeaseKeeper(RateLimiterTable limiters, LimitClock clock) : BackgroundService
{
    private const int RoundsBetweenPrunes = 100;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        for (var round = 1; !stoppingToken.IsCancellationRequested; round++)
        {
            foreach (var limiter in limiters.Used)
            {
                limiter.RenewDue();
                if (round % RoundsBetweenPrunes == 0)
                    limiter.Prune();
            }

            await Task.Delay(Period, clock.Provider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
