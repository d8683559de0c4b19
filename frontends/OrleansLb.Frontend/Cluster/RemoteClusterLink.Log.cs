using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Cluster;

internal sealed partial class RemoteClusterLink
{
    [LoggerMessage(3000, LogLevel.Information, "Connected to the cluster at attempt {Attempt}.", EventName = "ClusterConnected")]
    private static partial void LogConnected(ILogger logger, int attempt);

    [LoggerMessage(3001, LogLevel.Warning, "No silo answers (attempt {Attempt}): {Reason} Trying again; requests are served from the last snapshot meanwhile.", EventName = "ClusterNotConnected")]
    private static partial void LogNotConnected(ILogger logger, int attempt, string reason);

    // Highest id used: 3001
}
