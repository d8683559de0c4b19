using Microsoft.Extensions.Logging;

namespace OrleansLb.Hosting.Status.Access;

internal sealed partial class StatusTokens
{
    [LoggerMessage(3242, LogLevel.Information, "The status API goes by the {Count} tokens of {Path}.", EventName = "StatusTokensRead")]
    private static partial void LogRead(ILogger logger, string path, int count);

    [LoggerMessage(3243, LogLevel.Error, "The file of tokens of the status API cannot be used; what was read before stays: {Reason}", EventName = "StatusTokensNotRead")]
    private static partial void LogNotRead(ILogger logger, string reason);

    // Highest id used: 3243
}
