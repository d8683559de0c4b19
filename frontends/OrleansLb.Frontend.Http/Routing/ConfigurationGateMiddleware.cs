using Microsoft.AspNetCore.Http;
using OrleansLb.Core.AccessLog;
using OrleansLb.Frontend.Http.AccessLog;

namespace OrleansLb.Frontend.Http.Routing;

/// <summary>
/// Until the first configuration is in force no request can be told from a wrong one: 503 says "try again", where 404 would say
/// "there is no such thing".
/// </summary>
internal sealed class ConfigurationGateMiddleware(RequestDelegate next, RoutesInForce routes, RequestNotes notes)
{
    private const string RetryAfterSeconds = "1";

    public Task InvokeAsync(HttpContext context)
    {
        if (routes.Version > 0)
            return next(context);
        notes.Of(context)?.EndsAs(EndReason.NoConfiguration);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Task.CompletedTask;
    }
}
