using Microsoft.Extensions.Logging;
using OrleansLb.Contracts.Backends;

namespace OrleansLb.Grains.Backends;

internal sealed partial class BackendGrain
{
    [LoggerMessage(1000, LogLevel.Warning, "Backend {PoolId}/{BackendId} is {State} from now on, said {By}.", EventName = "BackendDecided")]
    private static partial void LogDecided(ILogger logger, string poolId, string backendId, WireAdminState state, string by);

    // Highest id used: 1000
}
