using Microsoft.Extensions.Logging;
using OrleansLb.Core.Overload;

namespace OrleansLb.Frontend.Http.Overload;

internal sealed partial class MemoryWatch
{
    [LoggerMessage(3140, LogLevel.Warning, "{Used} of {Limit} MiB of memory are used: doing without new {Level}.", EventName = "MemoryLevel")]
    private static partial void LogShort(ILogger logger, long used, long limit, OverloadLevel level);

    // Highest id used: 3140
}
