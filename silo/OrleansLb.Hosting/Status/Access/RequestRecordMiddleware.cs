using Microsoft.AspNetCore.Http;

namespace OrleansLb.Hosting.Status.Access;

/// <summary>Around all others, so that it sees how each request ended.</summary>
internal sealed class RequestRecordMiddleware(RequestDelegate next, RequestRecord record)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        finally
        {
            record.Ended(context);
        }
    }
}
