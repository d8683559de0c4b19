using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Backends;

internal sealed partial class PoolGrain
{
    [LoggerMessage(1110, LogLevel.Information, "Pool {PoolId} is at eligibility version {Version}: {Eligible} of {Backends} backends take new traffic, panic {Panic}.", EventName = "PoolEligibilityChanged")]
    private static partial void LogEligibility(ILogger logger, string poolId, long version, int eligible, int backends, bool panic);

    [LoggerMessage(1111, LogLevel.Debug, "Pool {PoolId} could not look after its backends and tries again in a second: {Reason}", EventName = "PoolNotWatched")]
    private static partial void LogNotWatched(ILogger logger, string poolId, string reason);

    [LoggerMessage(1112, LogLevel.Debug, "The monitor of {PoolId}/{BackendId} does not answer: {Reason}", EventName = "MonitorSilent")]
    private static partial void LogMonitorSilent(ILogger logger, string poolId, string backendId, string reason);

    [LoggerMessage(1113, LogLevel.Debug, "Eligibility version {Version} of pool {PoolId} was not pushed: {Reason}", EventName = "EligibilityNotPushed")]
    private static partial void LogNotPushed(ILogger logger, string poolId, long version, string reason);

    // Highest id used: 1113
}
