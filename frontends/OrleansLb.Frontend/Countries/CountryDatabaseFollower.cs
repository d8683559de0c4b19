using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLb.Core;

namespace OrleansLb.Frontend.Countries;

/// <summary>Looks for a new database of countries: publishers replace theirs a few times a week.</summary>
internal sealed class CountryDatabaseFollower(CountryDatabase countries, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : BackgroundService
{
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (countries.IsConfigured && !stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Period, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
                countries.Refresh();
        }
    }
}
