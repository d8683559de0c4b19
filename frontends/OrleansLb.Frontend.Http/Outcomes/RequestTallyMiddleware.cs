using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Http.Outcomes;

/// <summary>Has each request counted when it has ended, under the configuration by which it was routed.</summary>
internal sealed class RequestTallyMiddleware(RequestDelegate next, RequestTallyFollower tallies)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (tallies.OnEnd is { } count)
            context.Response.OnCompleted(count, context);
        return next(context);
    }
}
