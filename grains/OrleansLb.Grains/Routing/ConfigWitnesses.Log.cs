using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Routing;

internal sealed partial class ConfigWitnesses
{
    [LoggerMessage(1430, LogLevel.Debug, "Silo {Silo} did not say which configuration it follows: {Reason}", EventName = "ConfigurationWitnessSilent")]
    private static partial void LogNotAnswered(ILogger logger, SiloAddress silo, string reason);

    // Highest id used: 1430
}
