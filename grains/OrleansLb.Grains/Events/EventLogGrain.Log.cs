using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Events;

internal sealed partial class EventLogGrain
{
    [LoggerMessage(1610, LogLevel.Warning, "The last events are not stored and will be tried again: {Reason}", EventName = "EventsNotStored")]
    private static partial void LogNotWritten(ILogger logger, string reason);

    // Highest id used: 1610
}
