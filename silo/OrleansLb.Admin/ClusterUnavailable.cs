using Microsoft.AspNetCore.Http;

namespace OrleansLb.Admin;

/// <summary>The answer while grains cannot be reached, as in the seconds after a silo died.</summary>
internal static class ClusterUnavailable
{
    private const string RetryAfterSeconds = "2";

    /// <summary>Runs a handler, and turns the cluster's silence into a status that says when to ask again.</summary>
    public static async Task<IResult> Guard(HttpContext context, Func<Task<IResult>> handler)
    {
        try
        {
            return await handler();
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            return Results.Problem(exception.Message, statusCode: StatusCodes.Status503ServiceUnavailable, title: "The cluster does not answer.");
        }
    }
}
