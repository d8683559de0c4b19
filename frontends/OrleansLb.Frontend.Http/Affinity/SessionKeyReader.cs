using Microsoft.AspNetCore.Http;
using OrleansLb.Core.Sessions;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.Routing;

namespace OrleansLb.Frontend.Http.Affinity;

/// <summary>What tells the learned session of a request.</summary>
internal static class SessionKeyReader
{
    /// <summary>The key; <see langword="null"/> when the request is of no session yet.</summary>
    public static SessionKey? Of(HttpContext context, SessionDefinition definition, SessionHasher hasher)
    {
        switch (definition.Source)
        {
            case SessionSourceNames.Header:
                return context.Request.Headers[definition.Name] is [{ Length: > 0 } header, ..] ? hasher.Of(header) : null;
            case SessionSourceNames.QueryParameter:
                return RequestValues.TryGetQuery(context.Request, definition.Name, out var parameter) && !parameter.IsEmpty ? hasher.Of(parameter) : null;
            case SessionSourceNames.ClientIp:
                return hasher.Of(context.Connection.RemoteIpAddress, definition.IPv6PrefixLength);
            case SessionSourceNames.JwtClaim:
                return ValidatedClaim.Find(context.User, definition.Name) is { } claim ? hasher.Of(claim) : null;
            default:
                return RequestValues.TryGetCookie(context.Request, definition.Name, out var cookie) && !cookie.IsEmpty ? hasher.Of(cookie) : null;
        }
    }
}
