using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Registration;

internal sealed partial class FrontendRegistrar
{
    [LoggerMessage(3020, LogLevel.Debug, "A heartbeat failed: {Reason}", EventName = "HeartbeatFailed")]
    private static partial void LogHeartbeatFailed(ILogger logger, string reason);

    // Highest id used: 3020
}
