using Microsoft.Extensions.Logging;

namespace OrleansLb.Hosting.Telemetry.Tracing;

internal sealed partial class CountedTraceExporter
{
    [LoggerMessage(3220, LogLevel.Warning, "Spans are lost, because {Collector} does not take them. Requests are served all the same.", EventName = "SpansLost")]
    private static partial void LogLost(ILogger logger, string collector);

    [LoggerMessage(3221, LogLevel.Information, "{Collector} takes spans again.", EventName = "SpansSentAgain")]
    private static partial void LogSentAgain(ILogger logger, string collector);

    // Highest id used: 3221
}
