using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Backends;

internal sealed partial class PoolGrain
{
    [LoggerMessage(1060, LogLevel.Information, "Pool {PoolId}: {BackendId} answers within {Milliseconds:F1} ms when it has few requests; it takes {Limit} at once now.", EventName = "BackendMeasured")]
    private static partial void LogMeasured(ILogger logger, string poolId, string backendId, double milliseconds, int limit);

    // Highest id used: 1060
}
