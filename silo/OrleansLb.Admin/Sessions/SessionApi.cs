using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansLb.Configuration;
using OrleansLb.Core.Sessions;
using OrleansLb.Core.Snapshots;
using OrleansLb.Hosting.Status;
using OrleansLb.Hosting.Status.Access;
using static OrleansLb.Admin.ApiRequests;

namespace OrleansLb.Admin.Sessions;

/// <summary><c>/api/v1/pools/{pool}/sessions</c>: learned sessions, listed, looked up, moved and revoked. What they are called is in no address and in no answer.</summary>
internal sealed class SessionApi(SessionDirectory sessions, IConfigurationView configuration, ClusterGuard guard) : IStatusEndpoints
{
    private const string Sessions = "/api/v1/pools/{pool}/sessions";
    private const string Session = $"{Sessions}/{{session}}";
    private const int DefaultPage = 100;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Sessions, (HttpContext context, string pool) =>
            guard.Run(context, () => InPool(pool, definition => List(context.Request, definition))));
        endpoints.MapPost($"{Sessions}/find", (HttpContext context, string pool) =>
            guard.Run(context, () => InPool(pool, definition => Find(context.Request, definition)))).ForReaders();
        endpoints.MapGet(Session, (HttpContext context, string pool, string session) =>
            guard.Run(context, () => OfPool(pool, session, Show)));
        endpoints.MapPost($"{Session}/move", (HttpContext context, string pool, string session) =>
            guard.Run(context, () => OfPool(pool, session, (definition, key) => Move(context.Request, definition, key))));
        endpoints.MapPost($"{Session}/revoke", (HttpContext context, string pool, string session) =>
            guard.Run(context, () => OfPool(pool, session, Revoke)));
    }

    private async Task<IResult> List(HttpRequest request, PoolDefinition pool)
    {
        SessionKey? after = null;
        if (request.Query.TryGetValue("after", out var last))
        {
            if (last is not [{ } text] || !SessionKey.TryParse(text, out var key))
                return BadRequest("'after' must be the last session of the page before.");
            after = key;
        }

        if (ReadLimit(request, DefaultPage, out var limit) is { } mistake)
            return mistake;
        var page = await sessions.List(pool, after, limit);
        return Results.Json(new SessionPage(pool.Id, [.. page], page.Count == limit ? page[^1].Session : null));
    }

    private async Task<IResult> Find(HttpRequest request, PoolDefinition pool)
    {
        var value = await ReadValue(request);
        return value is not null && sessions.KeyOf(pool, value) is { } key
            ? await Show(pool, key)
            : BadRequest("The body must be a JSON object whose 'value' is what the session is called, an address where the source is the client's.");
    }

    private async Task<IResult> Show(PoolDefinition pool, SessionKey key) => Answer(pool, key, await sessions.Find(pool, key));

    private async Task<IResult> Move(HttpRequest request, PoolDefinition pool, SessionKey key)
    {
        if (request.Query["backend"] is not [{ Length: > 0 } backendId])
            return BadRequest("'backend' must name the backend to move to.");
        if (pool.Backends.FirstOrDefault(backend => string.Equals(backend.Id, backendId, StringComparison.OrdinalIgnoreCase)) is not { } backend)
            return NotFound($"Pool '{pool.Id}' has no backend '{backendId}'.");
        return await sessions.Move(pool, key, backend) is { } moved
            ? Results.Json(moved)
            : Results.Problem($"Pool '{pool.Id}' has no room for the session.", statusCode: StatusCodes.Status409Conflict);
    }

    private async Task<IResult> Revoke(PoolDefinition pool, SessionKey key) => Answer(pool, key, await sessions.Revoke(pool, key));

    private Task<IResult> OfPool(string poolId, string session, Func<PoolDefinition, SessionKey, Task<IResult>> handler) => InPool(poolId, pool =>
        SessionKey.TryParse(session, out var key) ? handler(pool, key) : Task.FromResult(BadRequest("A session is named by the 32 hexadecimal digits of its key.")));

    private async Task<IResult> InPool(string poolId, Func<PoolDefinition, Task<IResult>> handler)
    {
        if (!configuration.Current.Snapshot.Pools.TryGetValue(poolId, out var pool))
            return NotFound($"There is no pool '{poolId}'.");
        return pool.Session is null ? NotFound($"Pool '{pool.Id}' learns no sessions.") : await handler(pool);
    }

    private static IResult Answer(PoolDefinition pool, SessionKey key, SessionSummary? session) =>
        session is not null ? Results.Json(session) : NotFound($"Pool '{pool.Id}' has no session {key}.");
}
