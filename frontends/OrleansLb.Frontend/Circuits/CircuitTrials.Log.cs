using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Health.Circuits;

namespace OrleansLb.Frontend.Circuits;

internal sealed partial class CircuitTrials
{
    [LoggerMessage(3066, LogLevel.Debug, "Whether backend {PoolId}/{BackendId} may be tried could not be asked: {Reason}", EventName = "TrialNotAsked")]
    private static partial void LogNotAsked(ILogger logger, string poolId, string backendId, string reason);

    [LoggerMessage(3067, LogLevel.Warning, "The trial of backend {PoolId}/{Key} {Outcome}, which could not be told: {Reason}", EventName = "TrialNotTold")]
    private static partial void LogNotTold(ILogger logger, string poolId, BackendKey key, TrialOutcome outcome, string reason);

    // Highest id used: 3067
}
