using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Http.WebSockets;

internal sealed partial class OpenWebSockets
{
    [LoggerMessage(3195, LogLevel.Information, "{Count} WebSockets are told that this front-end ends (1001).", EventName = "WebSocketsParted")]
    private static partial void LogParting(ILogger logger, int count);

    [LoggerMessage(3196, LogLevel.Debug, "A WebSocket had ended before it could be told: {Reason}", EventName = "WebSocketGone")]
    private static partial void LogGone(ILogger logger, string reason);

    // Highest id used: 3196
}
