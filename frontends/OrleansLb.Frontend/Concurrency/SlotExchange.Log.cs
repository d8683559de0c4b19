using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Concurrency;

internal sealed partial class SlotExchange
{
    [LoggerMessage(3080, LogLevel.Debug, "An exchange of slots with pool {PoolId} failed: {Reason}", EventName = "SlotExchangeFailed")]
    private static partial void LogFailed(ILogger logger, string poolId, string reason);

    [LoggerMessage(3081, LogLevel.Warning, "Pool {PoolId} has not answered for the time of a lease: going on alone as {WhenUnreachable} says, with {Parts} parts of each limit.", EventName = "SlotsAlone")]
    private static partial void LogAlone(ILogger logger, string poolId, Core.Snapshots.WhenUnreachable whenUnreachable, int parts);

    [LoggerMessage(3082, LogLevel.Information, "Pool {PoolId} answers again: its limit is the cluster's.", EventName = "SlotsLeased")]
    private static partial void LogLeased(ILogger logger, string poolId);

    // Highest id used: 3082
}
