using Microsoft.Extensions.Logging;

namespace OrleansLb.Admin.Events;

internal sealed partial class EventFeedService
{
    [LoggerMessage(2511, LogLevel.Debug, "The events that were kept cannot be read and are asked for again: {Reason}", EventName = "EventsNotRestored")]
    private static partial void LogNotRestored(ILogger logger, string reason);

    // Highest id used: 2511
}
