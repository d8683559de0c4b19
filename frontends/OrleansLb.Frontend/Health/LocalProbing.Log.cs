using Microsoft.Extensions.Logging;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Core.Health.Outliers;

namespace OrleansLb.Frontend.Health;

internal sealed partial class LocalProbing
{
    [LoggerMessage(3053, LogLevel.Warning, "The cluster is away: watching the backends of {Pools} pools from here.", EventName = "LocalProbingBegan")]
    private static partial void LogBegan(ILogger logger, int pools);

    [LoggerMessage(3054, LogLevel.Information, "Local probing ended.", EventName = "LocalProbingEnded")]
    private static partial void LogEnded(ILogger logger);

    [LoggerMessage(3056, LogLevel.Warning, "Backend {PoolId}/{BackendId} is ejected here for {Length}: {Evidence}.", EventName = "BackendEjectedLocally")]
    private static partial void LogEjected(ILogger logger, string poolId, string backendId, TimeSpan length, string evidence);

    [LoggerMessage(3057, LogLevel.Information, "Backend {PoolId}/{BackendId} as an outlier here: {Change}.", EventName = "BackendOutlierChangedLocally")]
    private static partial void LogOutlier(ILogger logger, string poolId, string backendId, OutlierChangeKind change);

    [LoggerMessage(3058, LogLevel.Warning, "On its own, the circuit to backend {PoolId}/{BackendId} is {State}: {Evidence}.", EventName = "LocalCircuitChanged")]
    private static partial void LogCircuit(ILogger logger, string poolId, string backendId, CircuitState state, string evidence);

    // Highest id used: 3058
}
