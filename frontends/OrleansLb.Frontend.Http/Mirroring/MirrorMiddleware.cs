using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Frontend.Http.Forwarding;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Mirroring;

/// <summary>Sends copies of requests to another pool. The request goes its way meanwhile, and knows nothing of it: its body is copied as it is read.</summary>
internal sealed class MirrorMiddleware(RequestDelegate next, MirrorPipeline pipeline, MirrorPlans plans, MirrorCopies copies, MirrorMetrics metrics, FieldRules rules, IServiceProvider services)
{
    public Task Invoke(HttpContext context) => plans.Of(context.GetRouteModel()) is { } plan && plan.IsFor(context) && plan.Share.TakesNext() ? Mirror(context, plan) : next(context);

    private Task Mirror(HttpContext context, MirrorPlan plan)
    {
        // What the forwarder will refuse is no request.
        if (rules.Apply(context.Request.Headers) is not null)
            return next(context);
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
        if (hasBody && context.Request.ContentLength > plan.Definition.MaxBody)
            return Drop(context, plan, MirrorOutcome.TooLarge);
        if (!plan.Share.TryEnter(plan.Definition.MaxInFlight))
            return Drop(context, plan, MirrorOutcome.Busy);
        var copy = MirroredRequest.Of(context, services);
        if (hasBody)
            return MirrorWithBody(context, plan, copy);
        copies.Send(pipeline, plan, copy, hasBody: false);
        return next(context);
    }

    private async Task MirrorWithBody(HttpContext context, MirrorPlan plan, HttpContext copy)
    {
        var replaced = new ReplacedBody(context);
        await using var body = new CapturedBody(context.Request.Body, context.Request.ContentLength, plan.Definition.MaxBody);
        body.WhenWhole(whole =>
        {
            MirroredRequest.SetBody(copy, whole.Kept);
            copies.Send(pipeline, plan, copy, hasBody: true);
        });
        replaced.Become(body);
        try
        {
            await next(context);
        }
        finally
        {
            replaced.Restore();
            if (!body.IsWhole)
            {
                plan.Share.Leave();
                metrics.Ended(plan, body.IsTooLong ? MirrorOutcome.TooLarge : MirrorOutcome.Incomplete);
            }
        }
    }

    private Task Drop(HttpContext context, MirrorPlan plan, MirrorOutcome outcome)
    {
        metrics.Ended(plan, outcome);
        return next(context);
    }
}
