using Microsoft.Extensions.Logging;

namespace OrleansLb.Hosting.Tls;

internal sealed partial class ProbeProfiles
{
    [LoggerMessage(3260, LogLevel.Warning, "There is no {Section}:Backends:{Profile}, which a pool asks for: probes verify its backends by the roots that this machine trusts, and show no certificate.", EventName = "ProbeProfileMissing")]
    private static partial void LogMissed(ILogger logger, string profile, string section);

    // Highest id used: 3260
}
