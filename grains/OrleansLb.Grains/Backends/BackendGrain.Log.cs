using Microsoft.Extensions.Logging;
using OrleansLb.Contracts.Backends;

namespace OrleansLb.Grains.Backends;

internal sealed partial class BackendGrain
{
    [LoggerMessage(1000, LogLevel.Warning, "An administrator made backend {PoolId}/{BackendId} {State}.", EventName = "BackendDecided")]
    private static partial void LogDecided(ILogger logger, string poolId, string backendId, WireAdminState state);

    // Highest id used: 1000
}
