using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Health;

internal sealed partial class PoolHealthFollower
{
    [LoggerMessage(3050, LogLevel.Debug, "Eligibility of pool {PoolId} could not be fetched, and is asked for again within a second: {Reason}", EventName = "EligibilityNotFetched")]
    private static partial void LogNotFetched(ILogger logger, string poolId, string reason);

    // Highest id used: 3050
}
