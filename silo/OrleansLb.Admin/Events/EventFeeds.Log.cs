using Microsoft.Extensions.Logging;

namespace OrleansLb.Admin.Events;

internal sealed partial class EventFeeds
{
    [LoggerMessage(2500, LogLevel.Debug, "Silo {Silo} missed {Count} events: {Reason}", EventName = "EventsMissed")]
    private static partial void LogMissed(ILogger logger, SiloAddress silo, int count, string reason);

    // Highest id used: 2500
}
