using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Http.Routing;

internal sealed partial class RoutesInForce
{
    [LoggerMessage(3110, LogLevel.Error, "YARP refused the newest routes; requests are routed by version {Version} on.", EventName = "RoutesNotInForce")]
    private static partial void LogNotInForce(ILogger logger, long version, Exception exception);

    // Highest id used: 3110
}
