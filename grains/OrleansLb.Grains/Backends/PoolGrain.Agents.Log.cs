using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Backends;

internal sealed partial class PoolGrain
{
    [LoggerMessage(1160, LogLevel.Debug, "The monitor of the agent of {PoolId}/{BackendId} does not answer: {Reason}", EventName = "AgentMonitorSilent")]
    private static partial void LogAgentMonitorSilent(ILogger logger, string poolId, string backendId, string reason);

    // Highest id used: 1160
}
