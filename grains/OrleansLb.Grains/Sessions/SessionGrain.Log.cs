using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Sessions;

internal sealed partial class SessionGrain
{
    [LoggerMessage(1300, LogLevel.Debug, "Range {Range} of learned sessions starts with epoch {Epoch}: {Frontends} front-ends said what they know, which is {Sessions} sessions.", EventName = "SessionRangeStarted")]
    private static partial void LogStarted(ILogger logger, string range, long epoch, int frontends, int sessions);

    [LoggerMessage(1301, LogLevel.Debug, "Range {Range} of learned sessions ended before it knew its sessions.", EventName = "SessionRangeStopped")]
    private static partial void LogStopped(ILogger logger, string range);

    // Highest id used: 1301
}
