using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLb.Core;

namespace OrleansLb.Frontend.Http.Answers;

/// <summary>Looks for pages that have changed.</summary>
internal sealed class PageWatcher(PageLibrary pages, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : BackgroundService
{
    internal static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Period, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
                pages.Look();
        }
    }
}
