using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Reporting;

internal sealed partial class PoolExchange
{
    [LoggerMessage(3060, LogLevel.Debug, "An exchange with pool {PoolId} failed: {Reason}", EventName = "ExchangeFailed")]
    private static partial void LogFailed(ILogger logger, string poolId, string reason);

    // Highest id used: 3060
}
