using Microsoft.Extensions.Logging;
using OrleansLb.Core.Health.Circuits;

namespace OrleansLb.Grains.Backends;

internal sealed partial class PoolGrain
{
    [LoggerMessage(1140, LogLevel.Warning, "The circuit to backend {PoolId}/{BackendId} is open for {Length}: {Evidence}.", EventName = "CircuitOpened")]
    private static partial void LogCircuitOpened(ILogger logger, string poolId, string backendId, TimeSpan length, string evidence);

    [LoggerMessage(1141, LogLevel.Information, "The circuit to backend {PoolId}/{BackendId} is {State}: {Evidence}.", EventName = "CircuitChanged")]
    private static partial void LogCircuit(ILogger logger, string poolId, string backendId, CircuitState state, string evidence);

    // Highest id used: 1141
}
