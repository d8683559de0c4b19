using Microsoft.Extensions.Hosting;

namespace OrleansLb.Hosting.TestProcess;

/// <summary>Fails once the process has started.</summary>
internal sealed class FailingService(IHostApplicationLifetime application) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = application.ApplicationStarted.Register(started.SetResult);
        await started.Task;
        throw new InvalidOperationException("Background work failed.");
    }
}
