using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Http.Acme;

internal sealed partial class AcmeFollower
{
    [LoggerMessage(3200, LogLevel.Debug, "The cluster did not say what is new of its certificates: {Reason}", EventName = "CertificatesNotAsked")]
    private static partial void LogNotAsked(ILogger logger, string reason);

    // Highest id used: 3200
}
