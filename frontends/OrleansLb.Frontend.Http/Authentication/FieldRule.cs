using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OrleansLb.Frontend.Http.Tls;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Which headers may be set or passed on by name.</summary>
internal static class FieldRule
{
    // What frames, routes or says who the client is has its own rules.
    private static readonly FrozenSet<string> Ours = new[]
    {
        HeaderNames.Host, HeaderNames.ContentLength, HeaderNames.TransferEncoding, HeaderNames.Connection, HeaderNames.KeepAlive, HeaderNames.TE, HeaderNames.Trailer, HeaderNames.Upgrade, HeaderNames.Expect,
        HeaderNames.ProxyConnection, HeaderNames.Allow, HeaderNames.Expires, HeaderNames.LastModified, "X-Real-IP", "Forwarded", ClientCertificateMiddleware.Field,
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private const string Forwarded = "X-Forwarded-";
    private const string OfContent = "Content-";

    /// <summary>What is wrong with names of headers.</summary>
    public static IEnumerable<(string Key, string Text)> Mistakes(string key, IEnumerable<string> names) =>
        names.Where(static name => !IsName(name)).Select(name => (key, $"'{name}' is not the name of a header that may be set"));

    private static bool IsName(string name) =>
        name.Length > 0 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-') && !Ours.Contains(name) && !name.StartsWith(Forwarded, StringComparison.OrdinalIgnoreCase) && !name.StartsWith(OfContent, StringComparison.OrdinalIgnoreCase);

    /// <summary>Removes what a client says by a name that is ours to say, also with underscores, which some backends take for the same.</summary>
    public static void Remove(IHeaderDictionary headers, string name)
    {
        headers.Remove(name);
        if (name.Contains('-', StringComparison.Ordinal))
            RemoveAlike(headers, name);
    }

    private static void RemoveAlike(IHeaderDictionary headers, string name)
    {
        List<string>? alike = null;
        foreach (var field in headers)
        {
            if (field.Key.Length == name.Length && field.Key.Contains('_', StringComparison.Ordinal) && IsAlike(field.Key, name))
                (alike ??= []).Add(field.Key);
        }

        foreach (var field in alike ?? [])
            headers.Remove(field);
    }

    private static bool IsAlike(string field, string name) => string.Equals(field.Replace('_', '-'), name, StringComparison.OrdinalIgnoreCase);
}
