using Microsoft.Extensions.Logging;
using OrleansLb.Core.Health.Outliers;

namespace OrleansLb.Grains.Backends;

internal sealed partial class PoolGrain
{
    [LoggerMessage(1130, LogLevel.Warning, "Backend {PoolId}/{BackendId} is ejected for {Length}: {Evidence}.", EventName = "BackendEjected")]
    private static partial void LogEjected(ILogger logger, string poolId, string backendId, TimeSpan length, string evidence);

    [LoggerMessage(1131, LogLevel.Information, "Backend {PoolId}/{BackendId} as an outlier: {Change}.", EventName = "BackendOutlierChanged")]
    private static partial void LogOutlier(ILogger logger, string poolId, string backendId, OutlierChangeKind change);

    // Highest id used: 1131
}
