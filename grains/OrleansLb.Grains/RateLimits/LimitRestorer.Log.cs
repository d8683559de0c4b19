using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.RateLimits;

internal sealed partial class LimitRestorer
{
    [LoggerMessage(1210, LogLevel.Warning, "Range {Range} of rate limit {Policy} starts without knowing what was admitted before, so it admits nothing that could exceed the limit: {Reason}", EventName = "RateLimitNotRestored")]
    private static partial void LogNotRestored(ILogger logger, string policy, int range, string reason);

    [LoggerMessage(1211, LogLevel.Debug, "Front-end {FrontendId} did not say what it knows of range {Range} of rate limit {Policy}: {Reason}", EventName = "RateLimitReportMissing")]
    private static partial void LogNotAnswered(ILogger logger, string frontendId, string policy, int range, string reason);

    // Highest id used: 1211
}
