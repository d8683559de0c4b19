using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Http.Acme;

internal sealed partial class ClusterCertificates
{
    [LoggerMessage(3201, LogLevel.Information, "Certificate {Certificate} of the cluster for {Holder} is in use until {Until:yyyy-MM-dd HH:mm} UTC.", EventName = "ClusterCertificateTaken")]
    private static partial void LogTaken(ILogger logger, string certificate, string holder, DateTime until);

    [LoggerMessage(3202, LogLevel.Error, "Certificate {Certificate} of the cluster cannot be used: {Reason}", EventName = "ClusterCertificateRefused")]
    private static partial void LogRefused(ILogger logger, string certificate, string reason);

    // Highest id used: 3202
}
