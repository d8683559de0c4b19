using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Backends;

internal sealed partial class PoolGrain
{
    [LoggerMessage(1010, LogLevel.Debug, "Pool {PoolId} could not learn which front-ends are registered: {Reason}", EventName = "PoolFrontendsUnknown")]
    private static partial void LogFrontendsUnknown(ILogger logger, string poolId, string reason);

    // Highest id used: 1010
}
