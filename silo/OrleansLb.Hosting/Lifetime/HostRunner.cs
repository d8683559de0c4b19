using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Hosting.CommandLine;

namespace OrleansLb.Hosting.Lifetime;

/// <summary>Runs a host to its end and says how it ended.</summary>
public static class HostRunner
{
    /// <summary>Starts the host, waits until it was asked to stop, stops it and disposes of it.</summary>
    /// <param name="host">The host.</param>
    /// <returns>
    /// <see cref="ExitCodes.Success"/> after a stop that a signal asked for; <see cref="ExitCodes.Failure"/> if the host stopped by itself.
    /// </returns>
    /// <exception cref="AggregateException">Background services failed, which stopped the host.</exception>
    /// <exception cref="TimeoutException">The stop was cut short.</exception>
    public static async Task<int> RunAsync(IHost host)
    {
        var drain = host.Services.GetRequiredService<DrainState>();
        var application = host.Services.GetRequiredService<IHostApplicationLifetime>();
        try
        {
            await StartAsync(host);
            await Task.Delay(Timeout.InfiniteTimeSpan, Time(host), application.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await StopAsync(host);
            ThrowFailures(host);
            return drain.IsDraining ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (OperationCanceledException) when (drain.IsDraining && !application.ApplicationStarted.IsCancellationRequested)
        {
            // A signal that arrives during the start cancels it.
            return ExitCodes.Success;
        }
        finally
        {
            await DisposeAsync(host);
        }
    }

    private static async Task StopAsync(IHost host)
    {
        var limit = host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;
        var time = Time(host);
        var began = time.GetTimestamp();
        var stop = host.StopAsync();
        await stop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // The web server cuts off what is still in flight without an error of its own.
        if (time.GetElapsedTime(began) >= limit)
            throw new TimeoutException($"requests were still in flight when {LifetimeOptions.SectionName}:{nameof(LifetimeOptions.DrainTimeout)} ended, and were cut off");

        await stop;
    }

    /// <summary>Services that had started before another failed are stopped in good order: a silo among them leaves its cluster.</summary>
    private static async Task StartAsync(IHost host)
    {
        try
        {
            await host.StartAsync();
        }
        catch
        {
            // What fails to stop because it never ran would hide why.
            await host.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>A background service that fails stops the host, which then ends as if it had been asked to.</summary>
    private static void ThrowFailures(IHost host)
    {
        var failures = host.Services.GetServices<IHostedService>().OfType<BackgroundService>()
            .Select(static service => service.ExecuteTask?.Exception)
            .OfType<AggregateException>()
            .ToList();
        if (failures.Count > 0)
            throw new AggregateException(failures);
    }

    private static TimeProvider Time(IHost host) => host.Services.GetRequiredKeyedService<TimeProvider>(Clocks.Key);

    private static async ValueTask DisposeAsync(IHost host)
    {
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            host.Dispose();
    }
}
