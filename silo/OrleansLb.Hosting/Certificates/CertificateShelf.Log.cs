using Microsoft.Extensions.Logging;

namespace OrleansLb.Hosting.Certificates;

public sealed partial class CertificateShelf
{
    [LoggerMessage(3150, LogLevel.Information, "Certificate {Certificate} for {Holder} is in use until {Until:yyyy-MM-dd HH:mm} UTC.", EventName = "CertificateRead")]
    private static partial void LogRead(ILogger logger, string certificate, string holder, DateTimeOffset until);

    [LoggerMessage(3151, LogLevel.Error, "Certificate {Certificate} cannot be used; one that was read before stays: {Reason}", EventName = "CertificateNotRead")]
    private static partial void LogNotRead(ILogger logger, string certificate, string reason);

    [LoggerMessage(3152, LogLevel.Warning, "Certificate {Certificate} expires in less than {Days} days, at {Until:yyyy-MM-dd HH:mm} UTC.", EventName = "CertificateExpires")]
    private static partial void LogExpires(ILogger logger, string certificate, int days, DateTimeOffset until);

    [LoggerMessage(3153, LogLevel.Error, "Certificate {Certificate} expired at {Until:yyyy-MM-dd HH:mm} UTC; others refuse it.", EventName = "CertificateExpired")]
    private static partial void LogExpired(ILogger logger, string certificate, DateTimeOffset until);

    [LoggerMessage(3154, LogLevel.Information, "{Authorities}: certificates are in order that one of {Count} authorities made.", EventName = "AuthoritiesRead")]
    private static partial void LogAuthorities(ILogger logger, string authorities, int count);

    // Highest id used: 3154
}
