using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace OrleansLb.Frontend.Http.Affinity;

/// <summary>Reads what a response sets a cookie to, as the client will send it.</summary>
internal static class ResponseCookieReader
{
    private const string MaxAge = "max-age=";
    private const string Expires = "expires=";

    /// <summary>The value that a response sets a cookie to: of several the last, as clients keep that.</summary>
    /// <param name="headers">The values of the header <c>Set-Cookie</c>.</param>
    /// <param name="name">Name of the cookie; case counts.</param>
    /// <param name="now">The time.</param>
    /// <param name="value">The value, as it is written.</param>
    /// <returns>Whether there is one; not when it is deleted.</returns>
    public static bool TryRead(StringValues headers, string name, DateTimeOffset now, out ReadOnlySpan<char> value)
    {
        for (var index = headers.Count - 1; index >= 0; index--)
        {
            var text = headers[index].AsSpan();
            var end = text.IndexOf(';');
            var pair = (end < 0 ? text : text[..end]).Trim(" \t");
            if (!pair.StartsWith(name, StringComparison.Ordinal) || pair.Length == name.Length || pair[name.Length] != '=')
                continue;
            value = pair[(name.Length + 1)..];
            return !value.IsEmpty && (end < 0 || !IsDeleted(text[(end + 1)..], now));
        }

        value = default;
        return false;
    }

    // Max-Age goes before Expires (RFC 6265, section 5.3).
    private static bool IsDeleted(ReadOnlySpan<char> attributes, DateTimeOffset now)
    {
        var isExpired = false;
        foreach (var part in attributes.Split(';'))
        {
            var attribute = attributes[part].Trim(" \t");
            if (attribute.StartsWith(MaxAge, StringComparison.OrdinalIgnoreCase))
                return attribute[MaxAge.Length..].TrimStart('0').IsEmpty || attribute[MaxAge.Length] == '-';
            if (attribute.StartsWith(Expires, StringComparison.OrdinalIgnoreCase))
                isExpired = HeaderUtilities.TryParseDate(attribute[Expires.Length..].ToString(), out var at) && at <= now;
        }

        return isExpired;
    }
}
