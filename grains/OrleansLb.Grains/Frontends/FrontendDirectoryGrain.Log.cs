using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Frontends;

internal sealed partial class FrontendDirectoryGrain
{
    [LoggerMessage(1520, LogLevel.Warning, "An administrator says that front-end {Frontend} does not run any more: nothing is set aside for it from now on.", EventName = "FrontendForgotten")]
    private static partial void LogForgotten(ILogger logger, string frontend);

    // Highest id used: 1520
}
