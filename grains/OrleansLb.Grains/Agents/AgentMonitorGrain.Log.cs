using Microsoft.Extensions.Logging;
using OrleansLb.Core.Agents;

namespace OrleansLb.Grains.Agents;

internal sealed partial class AgentMonitorGrain
{
    [LoggerMessage(1150, LogLevel.Warning, "The agent of {PoolId}/{BackendId} changed its mind: {Said}", EventName = "AgentChanged")]
    private static partial void LogChange(ILogger logger, string poolId, string backendId, string said);

    [LoggerMessage(1151, LogLevel.Warning, "The agent of {PoolId}/{BackendId} said {Count} words that are none of an agent's; the others count: {Said}", EventName = "AgentWordsUnknown")]
    private static partial void LogUnknownWords(ILogger logger, string poolId, string backendId, int count, string said);

    [LoggerMessage(1152, LogLevel.Warning, "The agent of {PoolId}/{BackendId} at {Address} does not answer ({Outcome}); what it said before holds.", EventName = "AgentUnanswered")]
    private static partial void LogUnanswered(ILogger logger, string poolId, string backendId, Uri address, AgentOutcome outcome);

    [LoggerMessage(1153, LogLevel.Debug, "The pool of {PoolId}/{BackendId} did not hear what its agent says and will ask for it: {Reason}", EventName = "AgentNotTold")]
    private static partial void LogNotTold(ILogger logger, string poolId, string backendId, string reason);

    // Highest id used: 1153
}
