using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Core.AccessLog;

namespace OrleansLb.Frontend.Http.Limits;

/// <summary>
/// Refuses a body that is announced to be too large, by its head alone. YARP finds out only after it has connected to a backend,
/// which lets a client occupy backends with requests that cannot succeed.
/// </summary>
internal sealed class RequestSizeMiddleware(RequestDelegate next, RejectionMetrics metrics)
{
    private const long NoLimit = -1;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.ContentLength is not { } length || length <= LimitOf(context))
            return next(context);
        metrics.Rejected(context, EndReason.TooLarge, RejectionMetrics.BodyTooLarge);
        context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        if (HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        return Task.CompletedTask;
    }

    private static long LimitOf(HttpContext context)
    {
        var limit = context.GetRouteModel().Config.MaxRequestBodySize
            ?? context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize
            ?? NoLimit;
        return limit == NoLimit ? long.MaxValue : limit;
    }
}
