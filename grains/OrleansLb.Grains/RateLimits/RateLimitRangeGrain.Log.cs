using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.RateLimits;

internal sealed partial class RateLimitRangeGrain
{
    [LoggerMessage(1200, LogLevel.Debug, "Rate-limit range {Range} starts with epoch {Epoch}; everything known: {IsComplete}, keys restored: {Keys}.", EventName = "RateLimitRangeStarted")]
    private static partial void LogStarted(ILogger logger, string range, long epoch, bool isComplete, int keys);

    [LoggerMessage(1201, LogLevel.Debug, "Rate-limit range {Range} follows changed numbers of its policy.", EventName = "RateLimitRangeReconfigured")]
    private static partial void LogReconfigured(ILogger logger, string range);

    [LoggerMessage(1202, LogLevel.Debug, "Rate-limit range {Range} could not hand a message on to range {Other}: {Reason}", EventName = "RateLimitMessageNotHandedOn")]
    private static partial void LogNotHandedOn(ILogger logger, string range, int other, string reason);

    // Highest id used: 1202
}
