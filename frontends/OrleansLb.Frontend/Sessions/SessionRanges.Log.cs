using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Sessions;

internal sealed partial class SessionRanges
{
    [LoggerMessage(3065, LogLevel.Debug, "Range {Range} of the sessions of pool {Pool} did not answer: {Reason}", EventName = "SessionRangeNotAnswered")]
    private static partial void LogNotAnswered(ILogger logger, int range, string pool, string reason);

    // Highest id used: 3065
}
