using Microsoft.Extensions.Hosting;

namespace OrleansLb.Hosting.Files;

/// <summary>Looks for new files, as people and their tools put them in the places of old ones: certbot, lego, cert-manager, an editor.</summary>
/// <param name="look">Looks at the files.</param>
/// <param name="clock">Tells when.</param>
public sealed class FileWatcher(Action look, TimeProvider clock) : BackgroundService
{
    /// <summary>Time between two looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Period, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
                look();
        }
    }
}
