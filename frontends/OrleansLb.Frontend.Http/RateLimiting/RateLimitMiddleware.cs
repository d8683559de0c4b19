using Microsoft.AspNetCore.Http;
using OrleansLb.Configuration;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
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

        var policy = limiter.Policy;
        if (policy.Exempt.Contains(context.Connection.RemoteIpAddress))
            return Act(context, policy, new LimitOutcome(LimitVerdict.Exempt, TimeSpan.Zero));
        var key = PartitionKey.Of(policy, context, route.RouteId);
        if (policy.Overrides.Find(key) is { } other && limiters.Find(other) is { } own)
            (limiter, policy) = (own, own.Policy);
        if (policy.DryRun)
        {
            _ = Count(limiter, key);
            return next(context);
        }

        var decision = limiter.Acquire(key, cost: 1, context, static context => context.RequestAborted);
        return decision.IsCompletedSuccessfully
            ? Act(context, policy, decision.Result)
            : ActLater(context, policy, decision);
    }

    /// <summary>A limit that is only tried out: whatever it decides, and however long that takes, the request does not notice.</summary>
    private async Task Count(PolicyLimiter limiter, RateLimitKey key) => metrics.Decided(limiter.Policy.PublicName, await limiter.Acquire(key, cost: 1));

    private async Task ActLater(HttpContext context, RateLimitPolicyDefinition policy, ValueTask<LimitOutcome> decision) =>
        await Act(context, policy, await decision);

    private Task Act(HttpContext context, RateLimitPolicyDefinition policy, LimitOutcome outcome)
    {
        metrics.Decided(policy.PublicName, outcome);
        if (outcome.Verdict == LimitVerdict.Abandoned)
        {
            // Nobody is there to read it; the log and the server's metrics shall not show a success.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return Task.CompletedTask;
        }

        if (!outcome.IsAdmitted)
            return RateLimitRejection.Write(context, policy, outcome.RetryAfter);
        if (policy.Headers == RateLimitHeaders.All && outcome.Verdict != LimitVerdict.Exempt)
            RateLimitFields.WriteOnStart(context, policy, outcome.Quota);
        return next(context);
    }
}
