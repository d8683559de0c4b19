using Microsoft.Extensions.Logging;

namespace OrleansLb.Clustering.Calls;

internal sealed partial class FrontendCallFilter
{
    [LoggerMessage(2548, LogLevel.Warning, "{Client} called {Method}, which is for silos alone, and was refused. No front-end does that.", EventName = "FrontendCallRefused")]
    private static partial void LogRefused(ILogger logger, GrainId client, string method);

    // Highest id used: 2548
}
