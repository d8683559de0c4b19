using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Leases;

internal sealed partial class RangeLimiter
{
    [LoggerMessage(3070, LogLevel.Debug, "Rate-limit range {Range} did not answer: {Reason}", EventName = "RateLimitRangeNotAnswered")]
    private static partial void LogNotAnswered(ILogger logger, string range, string reason);

    // Highest id used: 3070
}
