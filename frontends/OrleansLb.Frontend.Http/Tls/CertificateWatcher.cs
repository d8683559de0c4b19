using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLb.Core;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Looks for new certificates, as certbot, lego, cert-manager and people put them in the places of the old ones.</summary>
internal sealed class CertificateWatcher(CertificateStore certificates, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : BackgroundService
{
    internal static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Period, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
                certificates.Look();
        }
    }
}
