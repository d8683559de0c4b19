using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Sessions;

internal sealed partial class SessionPusher
{
    [LoggerMessage(1320, LogLevel.Debug, "Front-end {FrontendId} did not take a push of changed sessions of pool {Pool}: {Reason}", EventName = "SessionPushFailed")]
    private static partial void LogNotPushed(ILogger logger, string frontendId, string pool, string reason);

    // Highest id used: 1320
}
