using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Health;

internal sealed partial class LocalProbing
{
    [LoggerMessage(3053, LogLevel.Warning, "The cluster is away: probing the backends of {Pools} pools from here.", EventName = "LocalProbingBegan")]
    private static partial void LogBegan(ILogger logger, int pools);

    [LoggerMessage(3054, LogLevel.Information, "Local probing ended.", EventName = "LocalProbingEnded")]
    private static partial void LogEnded(ILogger logger);

    // Highest id used: 3054
}
