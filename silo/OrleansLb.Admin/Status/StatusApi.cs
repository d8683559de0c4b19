using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Admin.Status;

/// <summary><c>GET /api/v1/status</c>: what the cluster knows, in one document.</summary>
internal sealed class StatusApi(ClusterStatusReader reader, ClusterGuard guard) : IStatusEndpoints
{
    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/v1/status", (Delegate)Get);

    private Task<IResult> Get(HttpContext context) =>
        guard.Run(context, async () => Results.Json(await reader.Read()));
}
