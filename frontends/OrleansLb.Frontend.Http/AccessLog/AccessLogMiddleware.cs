using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>Around all others: takes a note of each request on its way, and has its line written when it has ended, however it ended.</summary>
internal sealed class AccessLogMiddleware(RequestDelegate next, RequestNotes notes, AccessLogRecorder recorder)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var note = notes.Begin(context);
        var hasThrown = true;
        try
        {
            await next(context);
            hasThrown = false;
        }
        finally
        {
            recorder.Record(context, note, hasThrown);
            notes.End(context, note);
        }
    }
}
