using Microsoft.Extensions.Hosting;

namespace OrleansLb.Hosting.Status;

/// <summary>Keeps the status server's inner host from stopping at signals; it lives as long as the process' host.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
