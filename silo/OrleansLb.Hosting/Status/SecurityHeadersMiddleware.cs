using Microsoft.AspNetCore.Http;

namespace OrleansLb.Hosting.Status;

/// <summary>Tells browsers to keep no answer, to guess no type, to load nothing from elsewhere and to show nothing of it within other pages. Of every answer, errors among them.</summary>
internal sealed class SecurityHeadersMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state => Add((HttpResponse)state), context.Response);
        return next(context);
    }

    private static Task Add(HttpResponse response)
    {
        var headers = response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'";
        return Task.CompletedTask;
    }
}
