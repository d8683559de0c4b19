using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.RateLimits;

internal sealed partial class SiloHistory
{
    [LoggerMessage(1220, LogLevel.Debug, "The membership store did not answer, so starting rate limits assume the worst: {Reason}", EventName = "SiloHistoryUnknown")]
    private static partial void LogNotRead(ILogger logger, string reason);

    // Highest id used: 1220
}
