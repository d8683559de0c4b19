using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Backends;

internal sealed partial class PoolGrain
{
    [LoggerMessage(1030, LogLevel.Information, "Backend {PoolId}/{BackendId} is drained.", EventName = "BackendDrained")]
    private static partial void LogDrained(ILogger logger, string poolId, string backendId);

    [LoggerMessage(1031, LogLevel.Debug, "Pool {PoolId} could not ask for what its draining backends have in flight: {Reason}", EventName = "DrainsNotAsked")]
    private static partial void LogDrainsNotAsked(ILogger logger, string poolId, string reason);

    [LoggerMessage(1032, LogLevel.Debug, "The grain of backend {PoolId}/{BackendId} does not answer and is called again in a few seconds: {Reason}", EventName = "BackendDeciderSilent")]
    private static partial void LogDeciderSilent(ILogger logger, string poolId, string backendId, string reason);

    [LoggerMessage(1033, LogLevel.Debug, "The history of backend {PoolId}/{BackendId} was not told and will be told again: {Reason}", EventName = "HistoryNotTold")]
    private static partial void LogHistoryNotTold(ILogger logger, string poolId, string backendId, string reason);

    // Highest id used: 1033
}
