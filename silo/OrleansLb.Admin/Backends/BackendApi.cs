using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Backends;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Admin.Backends;

/// <summary><c>POST /api/v1/pools/{pool}/backends/{backend}/{drain|activate|maintenance}</c>.</summary>
internal sealed class BackendApi(IGrainFactory grains, IConfigurationView configuration) : IStatusEndpoints
{
    private static readonly (string Verb, WireAdminState State)[] Verbs =
    [
        ("drain", WireAdminState.Draining),
        ("activate", WireAdminState.Active),
        ("maintenance", WireAdminState.Maintenance),
    ];

    public void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var (verb, state) in Verbs)
        {
            endpoints.MapPost($"/api/v1/pools/{{pool}}/backends/{{backend}}/{verb}", (HttpContext context, string pool, string backend) =>
                ClusterUnavailable.Guard(context, () => Set(pool, backend, state)));
        }
    }

    private async Task<IResult> Set(string poolId, string backendId, WireAdminState state)
    {
        if (!configuration.Current.Snapshot.Pools.TryGetValue(poolId, out var pool))
            return NotFound($"There is no pool '{poolId}'.");
        if (pool.Backends.FirstOrDefault(candidate => string.Equals(candidate.Id, backendId, StringComparison.OrdinalIgnoreCase)) is not { } backend)
            return NotFound($"Pool '{poolId}' has no backend '{backendId}'.");

        await grains.GetGrain<IBackendGrain>(BackendGrainKey.Of(pool.Id, backend.Id)).Set(state);
        return Results.Json(new { pool = pool.Id, backend = backend.Id, state = state.ToString() });
    }

    private static IResult NotFound(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status404NotFound);
}
