using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Http.Limits;

/// <summary>Ends a connection in good order after so many requests, so that a client that keeps it for ever finds its way to a front-end that was added.</summary>
/// <param name="next">What comes after.</param>
/// <param name="most">How many requests.</param>
internal sealed class LastRequestMiddleware(RequestDelegate next, int most)
{
    private static readonly object s_key = new();

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IConnectionItemsFeature>() is { Items: var items } && CountOf(items) is var count && count >= most)
            SayGoodbye(context, isFirst: count == most);
        return next(context);
    }

    private static int CountOf(IDictionary<object, object?> items)
    {
        // Requests of one connection of HTTP/2 come side by side.
        lock (items)
        {
            var counter = items.TryGetValue(s_key, out var known) ? (Counter)known! : (Counter)(items[s_key] = new Counter())!;
            return ++counter.Requests;
        }
    }

    private static void SayGoodbye(HttpContext context, bool isFirst)
    {
        if (HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            // Which the server says as GOAWAY; what is under way goes on.
            if (isFirst)
                context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            return;
        }

        // As the last word: whoever answers may clear what was there before.
        context.Response.OnStarting(static response =>
        {
            ((HttpResponse)response).Headers.Connection = "close";
            return Task.CompletedTask;
        }, context.Response);
    }

    private sealed class Counter
    {
        public int Requests { get; set; }
    }
}
