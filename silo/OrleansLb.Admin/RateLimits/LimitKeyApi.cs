using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansLb.Configuration;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Hosting.Status;
using OrleansLb.Hosting.Status.Access;
using static OrleansLb.Admin.ApiRequests;

namespace OrleansLb.Admin.RateLimits;

/// <summary><c>/api/v1/rate-limits/{policy}/keys</c>: the keys of which most is used, one of them, and its reset. What a key is the hash of is in no address and in no answer.</summary>
internal sealed class LimitKeyApi(LimitKeyDirectory keys, IConfigurationView configuration, ClusterGuard guard) : IStatusEndpoints
{
    private const string Keys = "/api/v1/rate-limits/{policy}/keys";
    private const string Key = $"{Keys}/{{key}}";
    private const int DefaultCount = 20;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Keys, (HttpContext context, string policy) =>
            guard.Run(context, () => OfPolicy(policy, definition => List(context.Request, definition))));
        endpoints.MapPost($"{Keys}/find", (HttpContext context, string policy) =>
            guard.Run(context, () => OfPolicy(policy, definition => Find(context.Request, definition)))).ForReaders();
        endpoints.MapGet(Key, (HttpContext context, string policy, string key) =>
            guard.Run(context, () => OfKey(policy, key, keys.Find)));
        endpoints.MapPost($"{Key}/reset", (HttpContext context, string policy, string key) =>
            guard.Run(context, () => OfKey(policy, key, keys.Reset)));
    }

    private async Task<IResult> List(HttpRequest request, RateLimitPolicyDefinition policy)
    {
        if (ReadLimit(request, DefaultCount, out var limit) is { } mistake)
            return mistake;
        return Results.Json(new LimitKeyPage(policy.Name, [.. await keys.MostUsed(policy, limit)]));
    }

    private async Task<IResult> Find(HttpRequest request, RateLimitPolicyDefinition policy)
    {
        if (await ReadValue(request) is not { } value)
            return BadRequest("The body must be a JSON object whose 'value' is the key as requests have it.");
        // What .NET takes for an address besides, such as a bare number, no client has.
        var mayBe = policy.Partition != RateLimitPartition.ClientIp || NetworkText.TryParseAddress(value, out _);
        return mayBe && RateLimitKey.OfText(policy, value) is { } key
            ? Answer(policy, key, await keys.Find(policy, key))
            : BadRequest($"No request has that key: policy '{policy.Name}' counts by {policy.Partition}. Only keys of one part can be looked up.");
    }

    private Task<IResult> OfKey(string policyName, string text, Func<RateLimitPolicyDefinition, RateLimitKey, Task<LimitKeySummary?>> handler) =>
        OfPolicy(policyName, async policy => RateLimitKey.TryParse(text, out var key)
            ? Answer(policy, key, await handler(policy, key))
            : BadRequest("A key is named by the 32 hexadecimal digits of its hash."));

    // An override is found below the policy that routes name.
    private Task<IResult> OfPolicy(string name, Func<RateLimitPolicyDefinition, Task<IResult>> handler) =>
        configuration.Current.Snapshot.RateLimits.TryGetValue(name, out var policy) && policy.OverrideOf is null
            ? handler(policy)
            : Task.FromResult(NotFound($"There is no rate-limit policy '{name}'."));

    private static IResult Answer(RateLimitPolicyDefinition policy, RateLimitKey key, LimitKeySummary? summary) =>
        summary is not null ? Results.Json(summary) : NotFound($"Of policy '{policy.Name}' nobody used key {key} lately.");
}
