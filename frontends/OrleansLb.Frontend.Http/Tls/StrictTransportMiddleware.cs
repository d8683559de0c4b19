using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Has browsers come back by https only (RFC 6797). The front-end's word counts, not the backend's, because it is the one who speaks https.</summary>
internal sealed class StrictTransportMiddleware(RequestDelegate next, string text)
{
    private readonly Func<object, Task> _say = context =>
    {
        ((HttpContext)context).Response.Headers.StrictTransportSecurity = text;
        return Task.CompletedTask;
    };

    /// <summary>What is said.</summary>
    /// <param name="age">For how long.</param>
    /// <param name="includesSubDomains">Whether of all hosts below as well.</param>
    public static string Text(TimeSpan age, bool includesSubDomains) =>
        FormattableString.Invariant($"max-age={(long)age.TotalSeconds}{(includesSubDomains ? "; includeSubDomains" : "")}");

    public Task InvokeAsync(HttpContext context)
    {
        // What comes by http must not say it, as anybody on the way could.
        if (context.Request.IsHttps)
            context.Response.OnStarting(_say, context);
        return next(context);
    }
}
