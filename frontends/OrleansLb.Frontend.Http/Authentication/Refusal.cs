using Microsoft.AspNetCore.Http;
using OrleansLb.Core.AccessLog;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Why a request is not let in, and what its client is told. Immutable, and one for many requests where it is the same for them.</summary>
/// <param name="Status">Status of the answer.</param>
/// <param name="Reason">How it is counted and what the access log says of it.</param>
/// <param name="Challenge">What would be accepted (<c>WWW-Authenticate</c>); <see langword="null"/> for nothing that the client could send.</param>
internal record Refusal(int Status, string Reason, string? Challenge = null)
{
    private const string RetryAfterSeconds = "1";

    /// <summary>What it is to the access log.</summary>
    public EndReason End => Status switch
    {
        StatusCodes.Status503ServiceUnavailable => EndReason.AuthUnavailable,
        StatusCodes.Status403Forbidden => EndReason.AccessDenied,
        StatusCodes.Status499ClientClosedRequest => EndReason.ClientLeftWaiting,
        _ => EndReason.Unauthorized,
    };

    /// <summary>Answers the client.</summary>
    public virtual Task Write(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        if (Challenge is not null)
            response.Headers.WWWAuthenticate = Challenge;
        if (Status == StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = RetryAfterSeconds;
        return Task.CompletedTask;
    }
}
