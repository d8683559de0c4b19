using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Sessions;

internal sealed partial class SessionRestorer
{
    [LoggerMessage(1310, LogLevel.Debug, "Front-end {FrontendId} did not say what it knows of range {Range} of the sessions of pool {Pool}: {Reason}", EventName = "SessionReportMissing")]
    private static partial void LogNotAnswered(ILogger logger, string frontendId, string pool, int range, string reason);

    [LoggerMessage(1311, LogLevel.Debug, "A starting range of learned sessions cannot reach the directory of front-ends: {Reason}", EventName = "SessionDirectoryNotReached")]
    private static partial void LogDirectoryNotReached(ILogger logger, string reason);

    // Highest id used: 1311
}
