using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Cluster;

public sealed partial class ClusterContact
{
    [LoggerMessage(3010, LogLevel.Error, "No silo has answered for {Silence}: serving on from the last snapshot, with local load counts, local probes and each limit's unreachable policy.", EventName = "ClusterLost")]
    private static partial void LogLost(ILogger logger, TimeSpan silence);

    [LoggerMessage(3011, LogLevel.Information, "The cluster answers again after {Silence}.", EventName = "ClusterRegained")]
    private static partial void LogRegained(ILogger logger, TimeSpan silence);

    // Highest id used: 3011
}
