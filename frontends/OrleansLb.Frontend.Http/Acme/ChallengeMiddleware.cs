using System.Text;
using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Http.Acme;

/// <summary>
/// Answers the challenges of the cluster's own orders (RFC 8555, section 8.3), whatever routes, limits and redirects say. All others are requests like any: whoever orders certificates behind us, by certbot or lego, is asked as before.
/// </summary>
internal sealed class ChallengeMiddleware(RequestDelegate next, ChallengeBook challenges, ChallengeMetrics metrics)
{
    private const string ContentType = "application/octet-stream";

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (challenges.Find(request.Path.Value) is not { } answer || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
            return next(context);
        metrics.Answered();
        var response = context.Response;
        response.ContentType = ContentType;
        response.ContentLength = answer.Length;
        response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(Encoding.ASCII.GetBytes(answer), context.RequestAborted).AsTask();
    }
}
