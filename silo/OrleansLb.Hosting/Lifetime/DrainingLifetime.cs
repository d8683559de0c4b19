using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Hosting.CommandLine;

namespace OrleansLb.Hosting.Lifetime;

/// <summary>
/// Stops the process in the order that loses no request: readiness fails, senders get time to notice, then the listeners close and what
/// is in flight finishes. Replaces the framework's console lifetime, which closes the listeners at once.
/// </summary>
internal sealed partial class DrainingLifetime(
    DrainState drain,
    IHostApplicationLifetime application,
    IOptions<LifetimeOptions> options,
    IServiceProvider services,
    [FromKeyedServices(Clocks.Key)] TimeProvider time,
    ILogger<DrainingLifetime> logger) : IHostLifetime, IDisposable
{
    /// <summary>
    /// One request to stop may arrive twice: <c>timeout</c> and some supervisors signal the process and then its group. Nobody presses
    /// a key twice within this time.
    /// </summary>
    private static readonly TimeSpan Echo = TimeSpan.FromMilliseconds(100);

    private static readonly PosixSignal[] StopSignals = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT];
    private readonly List<PosixSignalRegistration> _registrations = [];
    private long _begun;

    /// <summary>Ends the process without further ado.</summary>
    public Action<int> Exit { get; init; } = Environment.Exit;

    /// <summary>Completes when the application was asked to stop.</summary>
    public Task Drained { get; private set; } = Task.CompletedTask;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in StopSignals)
            _registrations.Add(PosixSignalRegistration.Create(signal, OnStop));

        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnReload));
        return Task.CompletedTask;
    }

    /// <summary>The registrations stay, so that a second signal still ends a stop that hangs.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Stop(PosixSignal signal)
    {
        if (drain.TryBegin(signal))
        {
            _begun = time.GetTimestamp();
            Drained = DrainAsync(signal);
        }
        else if (signal != drain.Signal || time.GetElapsedTime(_begun) >= Echo)
        {
            LogEndedAtOnce(logger, signal);
            Exit(ExitCodes.SignalBase + NumberOf(signal));
        }
    }

    public void Reload()
    {
        LogReloading(logger);
        foreach (var reloadable in services.GetServices<IReloadable>())
            reloadable.Reload();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void OnStop(PosixSignalContext context)
    {
        context.Cancel = true;
        Stop(context.Signal);
    }

    private void OnReload(PosixSignalContext context)
    {
        context.Cancel = true;
        Reload();
    }

    private async Task DrainAsync(PosixSignal signal)
    {
        // Before the start is complete nobody has been told to send requests here.
        var grace = application.ApplicationStarted.IsCancellationRequested ? options.Value.ReadinessGrace : TimeSpan.Zero;
        LogDraining(logger, signal, grace, options.Value.DrainTimeout);
        if (grace > TimeSpan.Zero)
            await Task.Delay(grace, time, application.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        application.StopApplication();
    }

    private static int NumberOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        _ => 15,
    };
}
