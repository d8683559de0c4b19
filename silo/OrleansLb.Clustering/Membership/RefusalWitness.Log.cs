using Microsoft.Extensions.Logging;

namespace OrleansLb.Clustering.Membership;

internal sealed partial class RefusalWitness
{
    [LoggerMessage(2535, LogLevel.Warning, "Silo {Silo} is dead: its machine refuses connections to it.", EventName = "SiloRefusesConnections")]
    private static partial void LogRefused(ILogger logger, SiloAddress silo);

    // Highest id used: 2535
}
