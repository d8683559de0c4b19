using Microsoft.Extensions.Logging;

namespace OrleansLb.Admin.Events;

internal sealed partial class EventRelayGrain
{
    [LoggerMessage(2510, LogLevel.Debug, "{Count} events are not kept yet and are tried again: {Reason}", EventName = "EventsNotKept")]
    private static partial void LogNotKept(ILogger logger, int count, string reason);

    // Highest id used: 2510
}
