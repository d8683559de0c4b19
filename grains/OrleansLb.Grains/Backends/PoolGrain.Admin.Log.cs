using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Backends;

internal sealed partial class PoolGrain
{
    [LoggerMessage(1020, LogLevel.Warning, "Pool {PoolId} cannot read what administrators decided about {Backends}: what was last held to be true goes on to count, and is asked for again every second.", EventName = "PoolDecisionsUnknown")]
    private static partial void LogUndecided(ILogger logger, string poolId, string backends);

    [LoggerMessage(1021, LogLevel.Information, "Pool {PoolId} has read every administrator's decision.", EventName = "PoolDecisionsRead")]
    private static partial void LogDecided(ILogger logger, string poolId);

    [LoggerMessage(1022, LogLevel.Debug, "The decision about {PoolId}/{BackendId} cannot be read: {Reason}", EventName = "PoolDecisionNotRead")]
    private static partial void LogDecisionUnknown(ILogger logger, string poolId, string backendId, string reason);

    // Highest id used: 1022
}
