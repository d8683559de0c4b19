using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Http.Answers;

internal sealed partial class PageLibrary
{
    [LoggerMessage(3186, LogLevel.Information, "The page {Path} was read.", EventName = "PageRead")]
    private static partial void LogRead(ILogger logger, string path);

    [LoggerMessage(3187, LogLevel.Error, "The page {Path} could not be read: {Fault}. What was read before stays; if nothing was, its answer has no body.", EventName = "PageUnreadable")]
    private static partial void LogUnreadable(ILogger logger, string path, string fault);

    // Highest id used: 3187
}
