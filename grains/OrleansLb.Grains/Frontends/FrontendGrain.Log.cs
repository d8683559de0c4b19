using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Frontends;

internal sealed partial class FrontendGrain
{
    [LoggerMessage(1500, LogLevel.Information, "Front-end {FrontendId} registered, incarnation {Incarnation}.", EventName = "FrontendRegistered")]
    private static partial void LogRegistered(ILogger logger, string frontendId, long incarnation);

    [LoggerMessage(1501, LogLevel.Warning, "Front-end {FrontendId} tried to register incarnation {Incarnation}, but {Known} is registered: two processes use one front-end id, or a clock went back.", EventName = "FrontendStaleIncarnation")]
    private static partial void LogStaleIncarnation(ILogger logger, string frontendId, long incarnation, long known);

    [LoggerMessage(1502, LogLevel.Information, "Front-end {FrontendId} left, incarnation {Incarnation}.", EventName = "FrontendLeft")]
    private static partial void LogLeft(ILogger logger, string frontendId, long incarnation);

    [LoggerMessage(1503, LogLevel.Warning, "Front-end {FrontendId} is gone: incarnation {Incarnation} has been silent for over 1 s.", EventName = "FrontendGone")]
    private static partial void LogGone(ILogger logger, string frontendId, long incarnation);

    // Highest id used: 1503
}
