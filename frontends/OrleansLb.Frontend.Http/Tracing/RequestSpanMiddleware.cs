using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using OrleansLb.Frontend.Http.AccessLog;

namespace OrleansLb.Frontend.Http.Tracing;

/// <summary>Around all others: has each request be a span, with the parts that others make of it within. While nobody listens it is not there.</summary>
internal sealed class RequestSpanMiddleware(RequestDelegate next, RequestNotes notes)
{
    public Task Invoke(HttpContext context) => FrontendSpans.AreWanted ? Follow(context) : next(context);

    private async Task Follow(HttpContext context)
    {
        var span = RequestSpan.Begin(context);
        if (Activity.Current is not { IsAllDataRequested: true })
        {
            // Not sampled: the backend is told so, and nobody reads more.
            using (span)
                await next(context);
            return;
        }

        var note = notes.Begin(context);
        var hasThrown = true;
        try
        {
            await next(context);
            hasThrown = false;
        }
        finally
        {
            if (span is not null)
                RequestSpan.End(span, context, note, hasThrown);
            notes.End(context, note);
        }
    }
}
