using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Hosting.Lifetime;

namespace OrleansLb.Frontend.Http.Draining;

/// <summary>
/// While a front-end drains, the answer to each HTTP/1 request ends its connection (RFC 9112, 9.6), so that the client opens the next one elsewhere. Kept connections would otherwise
/// all be closed when the listeners are, some of them just as a request is on its way. HTTP/2 has GOAWAY for this.
/// </summary>
internal sealed class FarewellMiddleware(RequestDelegate next, DrainState drain)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (drain.IsDraining && HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true })
            context.Response.OnStarting(static state => SayGoodbye((HttpResponse)state), context.Response);
        return next(context);
    }

    // As the last word: whoever answers may clear what was there before.
    private static Task SayGoodbye(HttpResponse response)
    {
        response.Headers.Connection = "close";
        return Task.CompletedTask;
    }
}
