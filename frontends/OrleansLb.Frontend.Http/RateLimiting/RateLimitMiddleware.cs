using Microsoft.AspNetCore.Http;
using OrleansLb.Configuration;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Frontend.Http.RateLimiting;

/// <summary>First in the pipeline of a route: refuses what its rate limit does not admit, before any backend is chosen.</summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimiterTable limiters, RateLimitMetrics metrics)
{
    public Task InvokeAsync(HttpContext context)
    {
        var route = context.GetRouteModel().Config;
        if (route.Metadata is not { } metadata || !metadata.TryGetValue(RouteMetadataKeys.RateLimiterPolicy, out var name))
            return next(context);
        if (limiters.Find(name) is not { } limiter)
            return RateLimitRejection.Write(context, null, TimeSpan.Zero);

        var decision = limiter.Acquire(PartitionKey.Of(limiter.Policy, context, route.RouteId), cost: 1, context, static context => context.RequestAborted);
        return decision.IsCompletedSuccessfully
            ? Act(context, limiter, decision.Result)
            : ActLater(context, limiter, decision);
    }

    private async Task ActLater(HttpContext context, PolicyLimiter limiter, ValueTask<LimitOutcome> decision) =>
        await Act(context, limiter, await decision);

    private Task Act(HttpContext context, PolicyLimiter limiter, LimitOutcome outcome)
    {
        metrics.Decided(limiter.Policy.Name, outcome.Verdict);
        if (outcome.Verdict == LimitVerdict.Abandoned)
        {
            // Nobody is there to read it; the log and the server's metrics shall not show a success.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return Task.CompletedTask;
        }

        return outcome.IsAdmitted ? next(context) : RateLimitRejection.Write(context, limiter.Policy, outcome.RetryAfter);
    }
}
