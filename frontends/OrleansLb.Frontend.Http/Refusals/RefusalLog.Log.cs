using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Http.Refusals;

internal sealed partial class RefusalLog
{
    [LoggerMessage(3130, LogLevel.Information, "A request of {Peer} at port {Port} was refused, {Reason}: '{Request}'.", EventName = "RequestRefused")]
    private static partial void LogRefused(ILogger logger, string peer, int port, string reason, string request);

    // Highest id used: 3130
}
