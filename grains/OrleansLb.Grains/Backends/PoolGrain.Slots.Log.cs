using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Backends;

internal sealed partial class PoolGrain
{
    [LoggerMessage(1050, LogLevel.Debug, "Pool {PoolId} knows who holds its slots and hands them out, {After} after it began.", EventName = "PoolSlotsKnown")]
    private static partial void LogSlotsKnown(ILogger logger, string poolId, TimeSpan after);

    // Highest id used: 1050
}
