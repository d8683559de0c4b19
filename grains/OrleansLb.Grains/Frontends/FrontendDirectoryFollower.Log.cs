using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Frontends;

internal sealed partial class FrontendDirectoryFollower
{
    [LoggerMessage(1510, LogLevel.Debug, "The directory of front-ends did not answer: {Reason}", EventName = "FrontendDirectoryNotFollowed")]
    private static partial void LogNotFollowed(ILogger logger, string reason);

    // Highest id used: 1510
}
