using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansLb.Clustering.Tls;

/// <summary>Says at every start what was allowed.</summary>
internal sealed partial class InsecureNotice(ILogger<InsecureNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        LogInsecure(logger);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
