using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Leases;

internal sealed partial class RangeSlots
{
    [LoggerMessage(3071, LogLevel.Debug, "Rate-limit range {Range} did not answer about requests in flight: {Reason}", EventName = "RateLimitSlotsNotAnswered")]
    private static partial void LogNotAnswered(ILogger logger, string range, string reason);

    // Highest id used: 3071
}
