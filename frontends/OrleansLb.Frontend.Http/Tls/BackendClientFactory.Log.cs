using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Http.Tls;

internal sealed partial class BackendClientFactory
{
    [LoggerMessage(3162, LogLevel.Error, "Pool {Pool} is answered 502: it wants {Section}:{Profile}, and there is none.", EventName = "BackendProfileMissing")]
    private static partial void LogNoProfile(ILogger logger, string pool, string section, string profile);

    [LoggerMessage(3163, LogLevel.Warning, "Pool {Pool} believes whatever certificate its backends show: DangerousAcceptAnyServerCertificate is set.", EventName = "BackendsNotVerified")]
    private static partial void LogNotVerified(ILogger logger, string pool);

    // Highest id used: 3163
}
