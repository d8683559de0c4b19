using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Events;

internal sealed partial class EventPublisher
{
    [LoggerMessage(1600, LogLevel.Warning, "{Count} events are lost, the stream does not take them: {Reason}", EventName = "EventsLost")]
    private static partial void LogLost(ILogger logger, int count, string reason);

    // Highest id used: 1600
}
