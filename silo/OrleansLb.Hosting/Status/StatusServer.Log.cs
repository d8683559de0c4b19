using Microsoft.Extensions.Logging;

namespace OrleansLb.Hosting.Status;

public sealed partial class StatusServer
{
    [LoggerMessage(2120, LogLevel.Information, "Status, health and metrics on {Address}.", EventName = "StatusListening")]
    private static partial void LogListening(ILogger logger, string address);

    [LoggerMessage(3240, LogLevel.Warning, "Other machines can reach {Address}, and it is spoken to without TLS: whoever is between can read the tokens of the status API.", EventName = "StatusTokensInClear")]
    private static partial void LogTokensInClear(ILogger logger, string address);

    [LoggerMessage(3241, LogLevel.Information, "Other machines can reach {Address}; without OrleansLb:Status:Tokens it serves probes and metrics only.", EventName = "StatusApiClosed")]
    private static partial void LogClosed(ILogger logger, string address);

    // Highest id used: 3241
}
