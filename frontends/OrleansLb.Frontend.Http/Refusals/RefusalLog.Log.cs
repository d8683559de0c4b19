using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Http.Refusals;

internal sealed partial class RefusalLog
{
    [LoggerMessage(3130, LogLevel.Information, "A request of {Peer} at port {Port} was refused, {Reason}: '{Request}'.", EventName = "RequestRefused")]
    private static partial void LogRefused(ILogger logger, string peer, int port, string reason, string request);

    [LoggerMessage(3131, LogLevel.Information, "A connection of {Peer} at port {Port} was refused, {Reason}.", EventName = "ConnectionRefused")]
    private static partial void LogConnectionRefused(ILogger logger, string peer, int port, string reason);

    // Highest id used: 3131
}
