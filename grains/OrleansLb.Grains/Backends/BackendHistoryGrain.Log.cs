using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Backends;

internal sealed partial class BackendHistoryGrain
{
    [LoggerMessage(1040, LogLevel.Warning, "The history of backend {Backend} is not stored and will be tried again: {Reason}", EventName = "HistoryNotStored")]
    private static partial void LogNotWritten(ILogger logger, string backend, string reason);

    // Highest id used: 1040
}
