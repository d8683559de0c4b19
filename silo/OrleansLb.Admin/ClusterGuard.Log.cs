using Microsoft.Extensions.Logging;

namespace OrleansLb.Admin;

internal sealed partial class ClusterGuard
{
    [LoggerMessage(2540, LogLevel.Warning, "{Method} {Path} is answered 503: the cluster does not answer.", EventName = "ClusterUnavailable")]
    private static partial void LogFailed(ILogger logger, string method, string path, Exception exception);

    // Highest id used: 2540
}
