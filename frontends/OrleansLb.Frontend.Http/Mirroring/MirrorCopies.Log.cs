using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Http.Mirroring;

internal sealed partial class MirrorCopies
{
    [LoggerMessage(3190, LogLevel.Error, "A copy of a request of route {Route} for pool {Pool} failed by a fault of the front-end; the request itself is not concerned.", EventName = "MirrorFailed")]
    private static partial void LogFailed(ILogger logger, string route, string pool, Exception exception);

    // Highest id used: 3190
}
