using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Acme;

internal sealed partial class AcmeGrain
{
    [LoggerMessage(2560, LogLevel.Information, "Certificate {Certificate} is ordered for {Hosts} at {Directory}.", EventName = "CertificateOrdered")]
    private static partial void LogOrdered(ILogger logger, string certificate, string hosts, Uri directory);

    [LoggerMessage(2561, LogLevel.Information, "Certificate {Certificate} was issued until {Until:yyyy-MM-dd HH:mm} UTC; it is renewed at {Renewal:yyyy-MM-dd HH:mm} UTC.", EventName = "CertificateIssued")]
    private static partial void LogIssued(ILogger logger, string certificate, DateTime until, DateTime renewal);

    [LoggerMessage(2562, LogLevel.Warning, "The order of certificate {Certificate} failed, {Failures} in a row by now; the next is made at {Next:yyyy-MM-dd HH:mm} UTC: {Reason}", EventName = "CertificateOrderFailed")]
    private static partial void LogFailed(ILogger logger, string certificate, int failures, DateTime next, string reason);

    [LoggerMessage(2563, LogLevel.Warning, "The authority {Directory} cannot be used now and is tried again at {Next:yyyy-MM-dd HH:mm:ss} UTC: {Reason}", EventName = "AuthorityUnusable")]
    private static partial void LogTrouble(ILogger logger, Uri directory, DateTime next, string reason);

    [LoggerMessage(2564, LogLevel.Error, "The state of the certificates could not be stored; what was stored before is gone on from: {Reason}", EventName = "CertificatesNotStored")]
    private static partial void LogNotStored(ILogger logger, string reason);

    [LoggerMessage(2565, LogLevel.Error, "No certificate can be ordered, and none given to front-ends that have it not yet: {Reason}", EventName = "CertificatesLocked")]
    private static partial void LogLocked(ILogger logger, string reason);

    [LoggerMessage(2566, LogLevel.Information, "The cluster has the account {Account}.", EventName = "AcmeAccountMade")]
    private static partial void LogAccount(ILogger logger, string account);

    [LoggerMessage(2567, LogLevel.Information, "The private keys that are stored were sealed anew, by the present sealing key.", EventName = "CertificatesSealedAnew")]
    private static partial void LogSealedAnew(ILogger logger);

    // Highest id used: 2567
}
