using Microsoft.Extensions.Logging;

namespace OrleansLb.Hosting.Status;

public sealed partial class StatusServer
{
    [LoggerMessage(2120, LogLevel.Information, "Status, health and metrics on {Address}.", EventName = "StatusListening")]
    private static partial void LogListening(ILogger logger, string address);

    // Highest id used: 2120
}
