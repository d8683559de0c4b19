using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Frontends;

internal sealed partial class FrontendDirectoryGrain
{
    [LoggerMessage(1520, LogLevel.Warning, "An administrator says that front-end {Frontend} does not run any more: nothing is set aside for it from now on.", EventName = "FrontendForgotten")]
    private static partial void LogForgotten(ILogger logger, string frontend);

    [LoggerMessage(1521, LogLevel.Information, "The directory of front-ends goes on from this silo's copy: {Entries} front-ends and {Departures} departed ones, as of {Age} ago.", EventName = "DirectoryInherited")]
    private static partial void LogInherited(ILogger logger, int entries, int departures, TimeSpan age);

    // Highest id used: 1521
}
