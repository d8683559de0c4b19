using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Hosting.Tests.Status;

/// <summary>A change that a library lets operators make.</summary>
internal sealed class PostEndpoint : IStatusEndpoints
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/change", static (Change change) => TypedResults.Ok(change.Value));
        endpoints.MapPost("/touch", static () => TypedResults.NoContent());
        endpoints.MapGet("/fail", static string () => throw new InvalidOperationException("secret"));
        endpoints.MapPost("/raw", static async (HttpContext context) => await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted));
    }

    internal sealed record Change(string Value);
}
