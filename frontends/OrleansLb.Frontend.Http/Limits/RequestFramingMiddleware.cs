using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Http.Limits;

/// <summary>
/// Refuses a request whose body has two lengths. RFC 9112 lets a server follow Transfer-Encoding and close the connection; a balancer is better off refusing, since
/// a backend or a cache may have followed the other one, which is how requests are smuggled.
/// </summary>
internal sealed class RequestFramingMiddleware(RequestDelegate next, RejectionMetrics metrics)
{
    // Where Kestrel puts a Content-Length that came with a Transfer-Encoding, before any middleware runs.
    private const string DisplacedContentLength = "X-Content-Length";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.TransferEncoding.Count == 0 || !headers.ContainsKey(DisplacedContentLength))
            return next(context);
        metrics.Rejected(RejectionMetrics.FramingConflict);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.Headers.Connection = "close";
        return Task.CompletedTask;
    }
}
