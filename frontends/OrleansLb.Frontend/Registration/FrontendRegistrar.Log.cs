using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Registration;

internal sealed partial class FrontendRegistrar
{
    [LoggerMessage(3020, LogLevel.Debug, "A heartbeat failed: {Reason}", EventName = "HeartbeatFailed")]
    private static partial void LogHeartbeatFailed(ILogger logger, string reason);

    [LoggerMessage(3021, LogLevel.Warning, "This front-end ends without a goodbye, because its share of limits is still on disk: the cluster sets that share aside for a day, or until the front-end is back.", EventName = "NoGoodbye")]
    private static partial void LogNoGoodbye(ILogger logger);

    // Highest id used: 3021
}
