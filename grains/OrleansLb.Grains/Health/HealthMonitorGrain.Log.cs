using Microsoft.Extensions.Logging;
using OrleansLb.Core.Health;

namespace OrleansLb.Grains.Health;

internal sealed partial class HealthMonitorGrain
{
    [LoggerMessage(1100, LogLevel.Warning, "Backend {PoolId}/{BackendId} went from {From} to {To}: {Reason}, last failure {LastFailure}.", EventName = "BackendHealthChanged")]
    private static partial void LogChange(ILogger logger, string poolId, string backendId, BackendState from, BackendState to, HealthChangeReason reason, ProbeOutcomeKind lastFailure);

    [LoggerMessage(1101, LogLevel.Debug, "The pool of {PoolId}/{BackendId} did not hear of the new verdict and will ask for it: {Reason}", EventName = "VerdictNotTold")]
    private static partial void LogNotTold(ILogger logger, string poolId, string backendId, string reason);

    // Highest id used: 1101
}
