using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Backends;

internal sealed partial class PoolKeeper
{
    [LoggerMessage(1001, LogLevel.Debug, "Pool {PoolId} does not answer and is called again in a second: {Reason}", EventName = "PoolSilent")]
    private static partial void LogNotTouched(ILogger logger, string poolId, string reason);

    // Highest id used: 1001
}
