using Microsoft.Extensions.Logging;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Grains.Backends;

internal sealed partial class PoolGrain
{
    [LoggerMessage(1010, LogLevel.Debug, "Pool {PoolId} could not learn which front-ends are registered: {Reason}", EventName = "PoolFrontendsUnknown")]
    private static partial void LogFrontendsUnknown(ILogger logger, string poolId, string reason);

    [LoggerMessage(1011, LogLevel.Debug, "Pool {PoolId} refused a load report of front-end {FrontendId} and counts nothing of it: {Refusal}", EventName = "LoadReportRefused")]
    private static partial void LogReportRefused(ILogger logger, string poolId, string frontendId, LoadRefusal refusal);

    // Highest id used: 1011
}
