using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OrleansLb.Core.Hashing;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.Routing;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>Takes the key of a hashed pick out of a request, as it came: case and percent-encoding of values count, those of names do not.</summary>
internal static class RequestHashKey
{
    /// <summary>The key; <see langword="null"/> when the request has none.</summary>
    public static HashKey? Of(HttpContext context, HashKeyDefinition definition) => definition.Source switch
    {
        HashKeySourceNames.Path => OfPath(context.Request),
        HashKeySourceNames.PathAndQuery => OfPath(context.Request).Then(HashKey.Of(context.Request.QueryString.Value)),
        HashKeySourceNames.Header => OfHeader(context.Request.Headers[definition.Name!]),
        HashKeySourceNames.Cookie => RequestValues.TryGetCookie(context.Request, definition.Name!, out var cookie) ? HashKey.Of(cookie) : null,
        HashKeySourceNames.QueryParameter => RequestValues.TryGetQuery(context.Request, definition.Name!, out var parameter) ? HashKey.Of(parameter) : null,
        _ => HashKey.Of(context.Connection.RemoteIpAddress, definition.IPv6PrefixLength),
    };

    private static HashKey OfPath(HttpRequest request) => request.PathBase.HasValue
        ? HashKey.Of(request.PathBase.Value).Then(HashKey.Of(request.Path.Value))
        : HashKey.Of(request.Path.Value);

    private static HashKey? OfHeader(StringValues values)
    {
        if (values.Count == 0)
            return null;
        var key = HashKey.Of(values[0]);
        for (var i = 1; i < values.Count; i++)
            key = key.Then(HashKey.Of(values[i]));
        return key;
    }
}
