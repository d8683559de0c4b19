using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansLb.Hosting.Status;
using OrleansLb.Hosting.Status.Access;

namespace OrleansLb.Hosting.Tests.Status.Access;

/// <summary>Questions and changes of which nobody said who may ask them, but for one.</summary>
internal sealed class GuardedEndpoints : IStatusEndpoints
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/look", static () => "seen");
        endpoints.MapPost("/touch", static (HttpContext context) => context.User.Identity?.Name ?? "nobody");
        endpoints.MapPost("/change", static (PostEndpoint.Change change) => TypedResults.Ok(change.Value));
        endpoints.MapPost("/find", static () => "found").ForReaders();
    }
}
