using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Hosting.Lifetime;

namespace OrleansLb.Hosting.Settings;

/// <summary>
/// Looks at the configuration file twice a second and has it read once it changed and then held still for one more look. Looking costs
/// two system calls and works where file notifications do not: network and overlay file systems, symlink swaps, replaced folders.
/// </summary>
internal sealed partial class ConfigurationFileWatcher(
    ConfigurationFileProvider file,
    ConfigurationFileMetrics metrics,
    [FromKeyedServices(Clocks.Key)] TimeProvider time,
    ILogger<ConfigurationFileWatcher> logger) : BackgroundService, IReloadable
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _reporting = new();
    private string? _lastError;
    private FileStamp _settled = FileStamp.Of(file.Path);
    private FileStamp _previous = FileStamp.Of(file.Path);

    public void Reload()
    {
        lock (_reporting)
            Report(file.Reload());
    }

    /// <summary>One look at the file.</summary>
    public void Look()
    {
        var stamp = FileStamp.Of(file.Path);
        var still = stamp == _previous;
        _previous = stamp;
        if (!still || stamp == _settled)
            return;

        _settled = stamp;
        Reload();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What changed between building the configuration and now has the stamp of now.
        Reload();
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Look();
    }

    private void Report(ReloadOutcome outcome)
    {
        if (outcome is { Changed: true, Error: { } reason })
        {
            metrics.Refused();
            LogTakenInPart(logger, file.Path, reason);
        }
        else if (outcome.Error is { } error && error != _lastError)
        {
            metrics.Refused();
            LogRefused(logger, error);
        }
        else if (outcome.Changed)
        {
            metrics.Applied();
            LogApplied(logger, file.Path);
        }
        else if (outcome.Error is null && _lastError is not null)
        {
            metrics.Applied();
            LogRestored(logger, file.Path);
        }

        _lastError = outcome.Error;
    }
}
