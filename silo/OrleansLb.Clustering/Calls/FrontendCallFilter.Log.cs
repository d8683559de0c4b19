using Microsoft.Extensions.Logging;

namespace OrleansLb.Clustering.Calls;

internal sealed partial class FrontendCallFilter
{
    [LoggerMessage(2548, LogLevel.Warning, "{Client} called {Method} and was refused, because that {Fault}. No front-end does such a thing.", EventName = "FrontendCallRefused")]
    private static partial void LogRefused(ILogger logger, GrainId client, string method, string fault);

    // Highest id used: 2548
}
