using Microsoft.AspNetCore.Http;
using OrleansLb.Core.AccessLog;
using OrleansLb.Core.Overload;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Overload;

/// <summary>Refuses requests while there is no memory for them, before anything else is done for them.</summary>
internal sealed class OverloadMiddleware(RequestDelegate next, OverloadGate gate, RejectionMetrics metrics)
{
    private const string RetryAfterSeconds = "1";

    public Task InvokeAsync(HttpContext context)
    {
        if (gate.Level == OverloadLevel.None)
            return next(context);
        metrics.Rejected(context, EndReason.Overload, RejectionMetrics.NoMemory);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        context.Response.Headers.Connection = "close";
        return Task.CompletedTask;
    }
}
