using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Http.Stapling;

internal sealed partial class Staples
{
    [LoggerMessage(3255, LogLevel.Information, "Certificate {Certificate} is shown with a staple of {Responder}, which holds until {Until:yyyy-MM-dd HH:mm} UTC.", EventName = "StapleShown")]
    private static partial void LogShown(ILogger logger, string certificate, Uri responder, DateTimeOffset until);

    [LoggerMessage(3256, LogLevel.Warning, "Certificate {Certificate} is shown without a staple: {Responder} has given none that holds for {Reserve}.", EventName = "StapleMissing")]
    private static partial void LogMissing(ILogger logger, string certificate, Uri responder, TimeSpan reserve);

    [LoggerMessage(3257, LogLevel.Error, "Certificate {Certificate} is revoked, says {Responder}; it is shown without a staple, and clients may refuse it.", EventName = "StapleRevoked")]
    private static partial void LogRevoked(ILogger logger, string certificate, Uri responder);

    [LoggerMessage(3258, LogLevel.Warning, "Certificate {Certificate} is to be shown with a staple (RFC 7633) and will have none: {Reason}. Clients may refuse it.", EventName = "StapleRequired")]
    private static partial void LogRequired(ILogger logger, string certificate, string reason);

    [LoggerMessage(3259, LogLevel.Information, "Certificate {Certificate} will have no staple: {Reason}.", EventName = "StapleImpossible")]
    private static partial void LogImpossible(ILogger logger, string certificate, string reason);

    // Highest id used: 3259
}
