using Microsoft.Extensions.Logging;
using OrleansLb.Core.Health;

namespace OrleansLb.Frontend.Health;

internal sealed partial class BackendStateLog
{
    [LoggerMessage(3059, LogLevel.Information, "Backend {PoolId}/{BackendId} went from {From} to {To} here.", EventName = "BackendStateSeen")]
    private static partial void LogChanged(ILogger logger, string poolId, string backendId, BackendState from, BackendState to);

    // Highest id used: 3059
}
