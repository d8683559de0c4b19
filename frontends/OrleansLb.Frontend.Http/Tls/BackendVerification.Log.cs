using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Http.Tls;

internal sealed partial class BackendVerification
{
    [LoggerMessage(3160, LogLevel.Warning, "{Backend} of pool {Pool} is sent nothing, because of its certificate ({Reason}): {Why}.", EventName = "BackendNotVerified")]
    private static partial void LogNotVerified(ILogger logger, string backend, string pool, string reason, string why);

    [LoggerMessage(3161, LogLevel.Warning, "{Backend} of pool {Pool} is sent nothing, because there is no TLS with it.", EventName = "BackendHandshakeFailed")]
    private static partial void LogNoHandshake(ILogger logger, string backend, string pool, Exception exception);

    // Highest id used: 3161
}
