using Microsoft.Extensions.Logging;

namespace OrleansLb.Clustering.Connections;

internal sealed partial class SilentConnections
{
    [LoggerMessage(2600, LogLevel.Warning, "{Silo} was asked and has said nothing for {Patience}: its connection is given up, and another one is tried.", EventName = "SiloSilent")]
    private static partial void LogSilent(ILogger logger, string silo, TimeSpan patience);

    // Highest id used: 2600
}
