using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace OrleansLb.Hosting.Lifetime;

internal sealed partial class DrainingLifetime
{
    [LoggerMessage(2100, LogLevel.Information, "{Signal}: not ready from now on, closing the listeners in {Grace}, then up to {DrainTimeout} for requests in flight. A second signal ends the process at once.", EventName = "Draining")]
    private static partial void LogDraining(ILogger logger, PosixSignal signal, TimeSpan grace, TimeSpan drainTimeout);

    [LoggerMessage(2101, LogLevel.Warning, "Second {Signal}: ending the process without waiting for requests in flight.", EventName = "EndedAtOnce")]
    private static partial void LogEndedAtOnce(ILogger logger, PosixSignal signal);

    [LoggerMessage(2102, LogLevel.Information, "SIGHUP: reading the configuration file again.", EventName = "Reloading")]
    private static partial void LogReloading(ILogger logger);

    // Highest id used: 2102
}
