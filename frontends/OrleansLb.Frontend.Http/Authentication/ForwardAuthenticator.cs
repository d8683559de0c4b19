using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Believes whom a server of the operator's own lets in, and lets it tell the others what to do.</summary>
internal sealed class ForwardAuthenticator(string name, AuthenticationPolicyOptions policy, HttpMessageInvoker client, TimeProvider clock, ILogger logger) : IAuthenticator
{
    private static readonly Refusal Unavailable = new(503, AuthOutcomes.Reason(AuthOutcomes.Unavailable));
    private static readonly Refusal Abandoned = new(StatusCodes.Status499ClientClosedRequest, AuthOutcomes.Reason(AuthOutcomes.Abandoned));

    private readonly Uri _address = new(policy.Address!);
    private readonly TimeSpan _timeout = policy.Timeout ?? ForwardRules.DefaultTimeout;
    private readonly string[] _told = policy.RequestHeaders.Count > 0 ? [.. policy.RequestHeaders] : ForwardRules.DefaultHeaders;
    private readonly bool _isOpen = policy.FailOpen ?? false;
    private int _failing;

    public IReadOnlyList<string> Fields { get; } = [.. policy.AnswerHeaders];

    public async ValueTask<Verdict> Authenticate(HttpContext context)
    {
        using var deadline = new CancellationTokenSource(_timeout, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        try
        {
            using var question = ForwardQuestion.Of(context, _address, _told);
            using var answer = await client.SendAsync(question, end.Token);
            return await Read(context, answer, end.Token);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return Verdict.Refuse(Abandoned);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            return Fail(deadline.IsCancellationRequested ? $"nothing came within {_timeout}" : exception.Message);
        }
    }

    private async ValueTask<Verdict> Read(HttpContext context, HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.StatusCode >= HttpStatusCode.InternalServerError)
            return Fail(FormattableString.Invariant($"it answered {(int)answer.StatusCode}"));
        if (Interlocked.Exchange(ref _failing, 0) == 1)
            SourceLog.AnswersAgain(logger, name);
        if (!answer.IsSuccessStatusCode)
            return Verdict.Refuse(await ForwardedRefusal.Of(answer, cancellation));
        foreach (var field in Fields)
        {
            if (answer.Headers.NonValidated.TryGetValues(field, out var values))
                context.Request.Headers[field] = new StringValues([.. values]);
        }

        return Verdict.Accept(new ClaimsPrincipal(new ClaimsIdentity(nameof(AuthenticationType.Forward))), null);
    }

    private Verdict Fail(string reason)
    {
        // Said when it begins, and not for each of the thousands of requests that it happens to.
        if (Interlocked.Exchange(ref _failing, 1) == 0)
            SourceLog.NotAnswered(logger, name, reason);
        return _isOpen ? new Verdict(null, null, null, AuthOutcomes.Open) : Verdict.Refuse(Unavailable);
    }
}
