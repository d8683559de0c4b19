using Microsoft.AspNetCore.Http;
using OrleansLb.Frontend.Http.Hedging;

namespace OrleansLb.Frontend.Http.Retries;

/// <summary>Says of an answer, when its head is there, whether the client is to have it.</summary>
internal static class AnswerChoice
{
    /// <summary>Whether the answer must be thrown away: another attempt answered first, or may yet, or the request goes to another backend. Asked once for each answer.</summary>
    /// <param name="context">The request, or one of its attempts.</param>
    /// <param name="status">The status of the answer.</param>
    public static bool IsUnwanted(HttpContext context, int status) =>
        HedgedAttempt.Of(context) is { } attempt && !attempt.TryTake(status)
        || (status >= StatusCodes.Status400BadRequest && context.Features.Get<RetryTurn>()?.TryDiscard(status) == true);
}
