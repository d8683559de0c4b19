using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>What is said of files and key sets that policies go by.</summary>
internal static partial class SourceLog
{
    [LoggerMessage(3180, LogLevel.Information, "Authentication policy {Policy} goes by what was just read.", EventName = "AuthenticationSourceRead")]
    public static partial void Read(ILogger logger, string policy);

    [LoggerMessage(3181, LogLevel.Error, "What authentication policy {Policy} goes by cannot be used; what was read before stays: {Reason}", EventName = "AuthenticationSourceNotRead")]
    public static partial void NotRead(ILogger logger, string policy, string reason);

    [LoggerMessage(3182, LogLevel.Error, "The server that authentication policy {Policy} asks has not answered: {Reason}", EventName = "ForwardAuthenticationFailed")]
    public static partial void NotAnswered(ILogger logger, string policy, string reason);

    [LoggerMessage(3183, LogLevel.Warning, "Authentication policy {Policy} takes passwords, and {Address} is spoken to without TLS: whoever is between can read them.", EventName = "PasswordsWithoutTls")]
    public static partial void PasswordsWithoutTls(ILogger logger, string policy, string address);

    [LoggerMessage(3184, LogLevel.Information, "The server that authentication policy {Policy} asks answers again.", EventName = "ForwardAuthenticationAnswersAgain")]
    public static partial void AnswersAgain(ILogger logger, string policy);

    // Highest id used: 3184
}
