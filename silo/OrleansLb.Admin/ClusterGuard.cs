using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Core;

namespace OrleansLb.Admin;

/// <summary>Answers while grains, or the store behind them, cannot be reached, as in the seconds after a silo died.</summary>
internal sealed partial class ClusterGuard([FromKeyedServices(Clocks.Key)] TimeProvider clock, ILogger<ClusterGuard> logger)
{
    private const string RetryAfterSeconds = "2";

    /// <summary>
    /// Longer than grains need to come back after their silo died, and less than the 5 s within which a silo that is cut off must have refused.
    /// Calls have a limit of their own, but it is the silo that keeps it, and one that is about to end itself no longer does.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4.5);

    /// <summary>Runs a handler, and turns the cluster's silence into a status that says when to ask again.</summary>
    /// <param name="context">The request.</param>
    /// <param name="handler">What it throws but for a bad request is the cluster's silence, for calls of grains throw whatever a grain, or its store, threw.</param>
    public async Task<IResult> Run(HttpContext context, Func<Task<IResult>> handler)
    {
        try
        {
            return await handler().WaitAsync(Patience, clock, context.RequestAborted);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception) && exception is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            LogFailed(logger, context.Request.Method, context.Request.Path, exception);
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            return Results.Problem(
                $"{exception.Message} If something was to be changed, it may have been, or may still be.",
                statusCode: StatusCodes.Status503ServiceUnavailable,
                title: "The cluster does not answer.");
        }
    }
}
