using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Http.AccessLog;

internal sealed partial class AccessLogWriter
{
    [LoggerMessage(3170, LogLevel.Error, "The access log cannot be written; lines wait, and are dropped when there is no room for more of them: {Reason}", EventName = "AccessLogFailed")]
    private static partial void LogFailed(ILogger logger, string reason);

    [LoggerMessage(3171, LogLevel.Information, "The access log is written again.", EventName = "AccessLogRecovered")]
    private static partial void LogRecovered(ILogger logger);

    [LoggerMessage(3172, LogLevel.Warning, "{Lines} lines of the access log could not be written before the end.", EventName = "AccessLogCutOff")]
    private static partial void LogCutOff(ILogger logger, int lines);

    // Highest id used: 3172
}
