using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using OrleansLb.Frontend.Http.Affinity;

namespace OrleansLb.Frontend.Http.Routing;

/// <summary>Named values of a request as they came, without an allocation: of several of one name the first.</summary>
internal static class RequestValues
{
    /// <summary>The value of a cookie; case counts in its name.</summary>
    public static bool TryGetCookie(HttpRequest request, string name, out ReadOnlySpan<char> value)
    {
        var reader = new RequestCookieReader(request.Headers.Cookie, name);
        var isThere = reader.MoveNext();
        value = reader.Value;
        return isThere;
    }

    /// <summary>The value of a query parameter, encoded as it came; case does not count in its name.</summary>
    public static bool TryGetQuery(HttpRequest request, string name, out ReadOnlySpan<char> value)
    {
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (pair.EncodedName.Span.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = pair.EncodedValue.Span;
                return true;
            }
        }

        value = default;
        return false;
    }
}
