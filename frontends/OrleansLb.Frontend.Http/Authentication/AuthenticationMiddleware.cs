using Microsoft.AspNetCore.Http;
using OrleansLb.Configuration;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Lets in whom the policy of the route lets in, after access lists and limits: whoever guesses is held by the limits of the route.</summary>
internal sealed class AuthenticationMiddleware(RequestDelegate next, AuthenticationPolicies policies, AuthenticationMetrics metrics, RejectionMetrics rejections)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetRouteModel().Config.Metadata is not { } metadata || !metadata.TryGetValue(RouteMetadataKeys.Authentication, out var name) || context.Features.Get<EarlyAuthentication>() is not null)
            return next(context);
        return Ask(context, name);
    }

    private async Task Ask(HttpContext context, string name)
    {
        if (await IsLetIn(context, policies, name, metrics, rejections))
            await next(context);
    }

    /// <summary>Asks who it is, and answers whoever is not let in.</summary>
    internal static async ValueTask<bool> IsLetIn(HttpContext context, AuthenticationPolicies policies, string name, AuthenticationMetrics metrics, RejectionMetrics rejections)
    {
        var policy = policies[name];
        policy.RemoveClaimed(context.Request.Headers);
        var verdict = await policy.Authenticator.Authenticate(context);
        metrics.Decided(name, verdict.Outcome);
        if (verdict.Refusal is { } refusal)
        {
            rejections.Rejected(context, refusal.End, refusal.Reason);
            await refusal.Write(context);
            return false;
        }

        if (verdict.User is { } user)
            context.User = user;
        policy.Tell(context.Request.Headers, verdict.Name);
        return true;
    }
}
