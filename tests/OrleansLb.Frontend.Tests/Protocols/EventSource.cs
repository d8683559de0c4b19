using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Tests.Protocols;

/// <summary>Server-sent events, the second only after the client confirmed the first: whoever buffers never gets it.</summary>
internal static class EventSource
{
    internal static readonly SemaphoreSlim Confirmed = new(0);

    internal static async Task Serve(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync("data: first\n\n");
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Confirmed.WaitAsync(context.RequestAborted);
        await context.Response.WriteAsync("data: second\n\n");
    }
}
