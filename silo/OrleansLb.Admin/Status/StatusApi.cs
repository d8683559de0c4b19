using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Admin.Status;

/// <summary><c>GET /api/v1/status</c>: what the cluster knows, in one document.</summary>
internal sealed class StatusApi(IGrainFactory grains) : IStatusEndpoints
{
    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/v1/status", Get);

    private async Task<IResult> Get()
    {
        var frontends = await grains.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key).List();
        return Results.Json(new
        {
            frontends = frontends.Entries.Select(static entry => new { id = entry.FrontendId, entry.Incarnation, entry.ConfigurationVersion, entry.Draining }),
        });
    }
}
