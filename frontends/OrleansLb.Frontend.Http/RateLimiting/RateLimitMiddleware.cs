using Microsoft.AspNetCore.Http;
using OrleansLb.Configuration;
using OrleansLb.Core.AccessLog;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.AccessLog;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Frontend.Http.RateLimiting;

/// <summary>First in the pipeline of a route: refuses what its rate limits do not admit, before any backend is chosen.</summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimiterTable limiters, RateLimitMetrics metrics, RequestNotes notes)
{
    private readonly SeveralLimits _several = new(limiters, metrics);

    public Task InvokeAsync(HttpContext context)
    {
        var route = context.GetRouteModel().Config;
        if (route.Metadata is not { } metadata || !metadata.TryGetValue(RouteMetadataKeys.RateLimiterPolicy, out var name))
            return next(context);
        if (metadata.ContainsKey(RouteMetadataKeys.RateLimiterPolicies[1]))
            return DecideTogether(context, route.RouteId, metadata);
        if (limiters.Find(name) is not { } limiter)
            return RefuseUndecided(context);

        if (limiter.Policy.Exempt.Contains(context.Connection.RemoteIpAddress))
        {
            var exempt = new LimitOutcome(LimitVerdict.Exempt, TimeSpan.Zero);
            metrics.Decided(limiter.Policy.PublicName, exempt);
            notes.Of(context)?.Limited(limiter.Policy.PublicName, exempt);
            return next(context);
        }

        var counted = CountedLimit.Of(limiters, limiter, context, route.RouteId);
        if (counted.Limiter.Policy.DryRun)
        {
            var trial = counted.TryOut(metrics);
            return trial.IsHeld ? Hold(context, trial) : next(context);
        }

        var decision = counted.Limiter.Acquire(counted.Key, cost: 1, context, static context => context.RequestAborted);
        return decision.IsCompletedSuccessfully
            ? Count(context, counted.Limiter.Policy, decision.Result)
            : CountLater(context, counted.Limiter.Policy, decision);
    }

    private async Task CountLater(HttpContext context, RateLimitPolicyDefinition policy, ValueTask<LimitOutcome> decision) =>
        await Count(context, policy, await decision);

    private Task Count(HttpContext context, RateLimitPolicyDefinition policy, LimitOutcome outcome)
    {
        metrics.Decided(policy.PublicName, outcome);
        return Act(context, policy, outcome);
    }

    private Task DecideTogether(HttpContext context, string routeId, IReadOnlyDictionary<string, string> metadata)
    {
        var decision = _several.Decide(context, routeId, metadata);
        return decision.IsCompletedSuccessfully ? ActTogether(context, decision.Result) : ActTogetherLater(context, decision);
    }

    private async Task ActTogetherLater(HttpContext context, ValueTask<StrictestLimit> decision) => await ActTogether(context, await decision);

    private Task ActTogether(HttpContext context, StrictestLimit strictest)
    {
        if (strictest.Held is { } held)
            return HoldTogether(context, strictest with { Held = null }, held);
        // What it has of this one limit is among what is held together.
        return strictest.Policy is { } policy
            ? Act(context, policy, strictest.Outcome with { Slot = default })
            : strictest.Outcome.IsAdmitted ? next(context) : RefuseUndecided(context);
    }

    private async Task HoldTogether(HttpContext context, StrictestLimit strictest, LimitRound held)
    {
        try
        {
            await ActTogether(context, strictest);
        }
        finally
        {
            _several.Release(held);
        }
    }

    private async Task Hold(HttpContext context, LimitSlot slot)
    {
        try
        {
            await next(context);
        }
        finally
        {
            slot.Release();
        }
    }

    // The route names a limit that is not known here.
    private Task RefuseUndecided(HttpContext context)
    {
        notes.Of(context)?.EndsAs(EndReason.LimitUnavailable);
        return RateLimitRejection.Write(context, null, TimeSpan.Zero);
    }

    private Task Act(HttpContext context, RateLimitPolicyDefinition policy, LimitOutcome outcome)
    {
        notes.Of(context)?.Limited(policy.PublicName, outcome);
        if (outcome.Verdict == LimitVerdict.Abandoned)
        {
            // Nobody is there to read it; the log and the server's metrics shall not show a success.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return Task.CompletedTask;
        }

        if (!outcome.IsAdmitted)
            return RateLimitRejection.Write(context, policy, outcome.RetryAfter);
        if (policy.Headers == RateLimitHeaders.All)
            RateLimitFields.WriteOnStart(context, policy, outcome.Quota);
        return outcome.Slot.IsHeld ? Hold(context, outcome.Slot) : next(context);
    }
}
