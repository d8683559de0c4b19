using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core.Draining;
using OrleansLb.Core.Snapshots;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Admin.Backends;

/// <summary>
/// <c>POST /api/v1/pools/{pool}/backends/{backend}/{drain|activate|maintenance}</c>, and <c>GET …/history</c>.
/// </summary>
internal sealed class BackendApi(IGrainFactory grains, IConfigurationView configuration, ILocalSiloDetails silo, ClusterGuard guard) : IStatusEndpoints
{
    private const string Backend = "/api/v1/pools/{pool}/backends/{backend}";
    private const string Timeout = "timeout";

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
            endpoints.MapPost($"{Backend}/{verb}", (HttpContext context, string pool, string backend) =>
                guard.Run(context, () => Decide(context, pool, backend, state)));
        }

        endpoints.MapGet($"{Backend}/history", (HttpContext context, string pool, string backend) =>
            guard.Run(context, () => GetHistory(pool, backend)));
    }

    private async Task<IResult> Decide(HttpContext context, string poolId, string backendId, WireAdminState state)
    {
        if (!TryFind(poolId, backendId, out var pool, out var backend, out var missing))
            return ApiRequests.NotFound(missing);
        if (!TryReadTimeout(context.Request, state, out var asked, out var mistake))
            return ApiRequests.BadRequest(mistake);

        var timeout = state == WireAdminState.Draining ? asked : null;
        var decision = await Grain(pool, backend).Decide(state, timeout, $"{ApiRequests.Who(context)} at {silo.Name}");
        return Results.Json(new BackendDecisionSummary(pool.Id, backend.Id, decision));
    }

    private async Task<IResult> GetHistory(string poolId, string backendId)
    {
        // A backend that left the configuration has a history too, as long as the name is right.
        TryFind(poolId, backendId, out var pool, out var backend, out var missing);
        var key = BackendGrainKey.Of(pool?.Id ?? poolId, backend?.Id ?? backendId);
        var changes = await grains.GetGrain<IBackendHistoryGrain>(key).List();
        return backend is null && changes.IsEmpty ? ApiRequests.NotFound(missing) : Results.Json(new BackendHistory(
            pool?.Id ?? poolId, backend?.Id ?? backendId, [.. changes.Reverse().Select(static change => new StateChangeSummary(change))]));
    }

    private IBackendGrain Grain(PoolDefinition pool, BackendDefinition backend) =>
        grains.GetGrain<IBackendGrain>(BackendGrainKey.Of(pool.Id, backend.Id));

    private bool TryFind(
        string poolId,
        string backendId,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PoolDefinition? pool,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out BackendDefinition? backend,
        out string missing)
    {
        backend = null;
        missing = $"There is no pool '{poolId}'.";
        if (!configuration.Current.Snapshot.Pools.TryGetValue(poolId, out pool))
            return false;
        backend = pool.Backends.FirstOrDefault(candidate => string.Equals(candidate.Id, backendId, StringComparison.OrdinalIgnoreCase));
        missing = $"Pool '{poolId}' has no backend '{backendId}'.";
        return backend is not null;
    }

    /// <summary>A time without a colon would be days to the parser, and is never meant so.</summary>
    private static bool TryReadTimeout(HttpRequest request, WireAdminState state, out TimeSpan? timeout, out string mistake)
    {
        timeout = null;
        mistake = "";
        if (!request.Query.TryGetValue(Timeout, out var values))
            return true;
        mistake = $"'{Timeout}' is for drain only.";
        if (state != WireAdminState.Draining)
            return false;

        mistake = $"'{Timeout}' must be one time from 00:00:00 to {DrainMachine.LongestTimeout:c}, as hh:mm:ss.";
        if (values is not [{ } text] || !text.Contains(':', StringComparison.Ordinal) || !TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var asked))
            return false;
        timeout = asked;
        return asked >= TimeSpan.Zero && asked <= DrainMachine.LongestTimeout;
    }
}
