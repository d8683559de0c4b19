using Microsoft.Extensions.Hosting;

namespace OrleansLb.Hosting.Lifetime;

/// <summary>Leaves signals to the process' host. For hosts inside it, which would otherwise begin to stop at once.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
