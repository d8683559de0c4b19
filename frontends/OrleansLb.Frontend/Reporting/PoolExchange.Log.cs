using Microsoft.Extensions.Logging;
using OrleansLb.Contracts.Backends;

namespace OrleansLb.Frontend.Reporting;

internal sealed partial class PoolExchange
{
    [LoggerMessage(3060, LogLevel.Debug, "An exchange with pool {PoolId} failed: {Reason}", EventName = "ExchangeFailed")]
    private static partial void LogFailed(ILogger logger, string poolId, string reason);

    [LoggerMessage(3061, LogLevel.Warning, "Pool {PoolId} refuses the load reports of this front-end, and does not count what it has in flight: {Refusal}", EventName = "ReportRefused")]
    private static partial void LogRefused(ILogger logger, string poolId, WireLoadRefusal refusal);

    // Highest id used: 3061
}
