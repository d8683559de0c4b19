using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Health;

public sealed partial class BackendSuspicions
{
    [LoggerMessage(3051, LogLevel.Warning, "Backend {PoolId}/{BackendId} refused or reset a connection: left out here for a second.", EventName = "BackendHeld")]
    private static partial void LogHeld(ILogger logger, string poolId, string backendId);

    [LoggerMessage(3052, LogLevel.Debug, "The monitor of {PoolId}/{BackendId} was not told of a refused connection: {Reason}", EventName = "SuspicionNotTold")]
    private static partial void LogNotTold(ILogger logger, string poolId, string backendId, string reason);

    // Highest id used: 3052
}
