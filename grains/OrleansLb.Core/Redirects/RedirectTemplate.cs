using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OrleansLb.Core.Redirects;

/// <summary>
/// Where a redirect leads: a URL in which <c>{scheme}</c>, <c>{host}</c>, <c>{path}</c> and <c>{query}</c> stand for those of the request. Whatever a request brings along, it leads to no host but
/// the one that is written or the request's own, and is one line.
/// </summary>
public sealed class RedirectTemplate
{
    /// <summary>Scheme of the request.</summary>
    public const string Scheme = "{scheme}";

    /// <summary>Host of the request, without its port.</summary>
    public const string Host = "{host}";

    /// <summary>Path of the request, which begins with a slash.</summary>
    public const string Path = "{path}";

    /// <summary>Query of the request with its question mark; nothing if it has none.</summary>
    public const string Query = "{query}";

    private const int LongestText = 2_048;
    private const string AuthorityMark = "://";

    private static readonly string[] Placeholders = [Scheme, Host, Path, Query];

    // What a URI is made of (RFC 3986); all else would have to be escaped.
    private static readonly SearchValues<char> UriCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%");

    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]");

    private readonly List<string> _parts;

    private RedirectTemplate(List<string> parts) => _parts = parts;

    /// <summary>Reads a template.</summary>
    /// <param name="text">The template.</param>
    /// <param name="template">What was read.</param>
    /// <param name="fault">What is wrong with it; <see langword="null"/> when it was read.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out RedirectTemplate? template, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = new List<string>();
        fault = text.Length > LongestText ? $"is longer than {LongestText} characters" : FaultOfParts(text, parts) ?? FaultOfTarget(text);
        template = fault is null ? new RedirectTemplate(parts) : null;
        return template is not null;
    }

    /// <summary>Where a request is led to.</summary>
    /// <param name="scheme">Its scheme.</param>
    /// <param name="host">Its host without the port, an IPv6 address in brackets.</param>
    /// <param name="path">Its path, escaped.</param>
    /// <param name="query">Its query with the question mark, or nothing.</param>
    /// <returns>The value of the <c>Location</c> field; <see langword="null"/> when the host is wanted and is none.</returns>
    public string? Expand(string scheme, string host, string path, string query)
    {
        ArgumentNullException.ThrowIfNull(host);
        var location = new StringBuilder();
        foreach (var part in _parts)
        {
            switch (part)
            {
                case Scheme:
                    location.Append(scheme);
                    break;
                case Host when !IsHost(host):
                    return null;
                case Host:
                    location.Append(host);
                    break;
                case Path:
                    Append(location, path.StartsWith('/') ? path : "/");
                    break;
                case Query:
                    Append(location, query);
                    break;
                default:
                    location.Append(part);
                    break;
            }
        }

        return WithoutHost(location.ToString());
    }

    private static bool IsHost(string host) => host.Length > 0 && !host.AsSpan().ContainsAnyExcept(HostCharacters);

    // To a browser what begins with two slashes names a host.
    private static string WithoutHost(string location) => location.StartsWith("//", StringComparison.Ordinal) ? $"/{location.TrimStart('/')}" : location;

    private static void Append(StringBuilder location, string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(UriCharacters))
        {
            location.Append(text);
            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && UriCharacters.Contains((char)rune.Value))
            {
                location.Append((char)rune.Value);
                continue;
            }

            foreach (var unit in bytes[..rune.EncodeToUtf8(bytes)])
                location.Append('%').Append(unit.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static string? FaultOfParts(string text, List<string> parts)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var next = rest.IndexOfAny('{', '}');
            var literal = next < 0 ? rest : rest[..next];
            if (literal.ContainsAnyExcept(UriCharacters))
                return "has a character that a URL must have escaped";
            if (literal.Length > 0)
                parts.Add(literal.ToString());
            rest = rest[literal.Length..];
            if (rest.IsEmpty)
                break;
            if (PlaceholderAt(rest) is not { } placeholder)
                return $"may have {string.Join(", ", Placeholders)} in braces, and nothing else";
            parts.Add(placeholder);
            rest = rest[placeholder.Length..];
        }

        return parts.Count == 0 ? "is empty" : null;
    }

    private static string? PlaceholderAt(ReadOnlySpan<char> text)
    {
        foreach (var placeholder in Placeholders)
        {
            if (text.StartsWith(placeholder, StringComparison.Ordinal))
                return placeholder;
        }

        return null;
    }

    private static string? FaultOfTarget(string text)
    {
        if (text.StartsWith("//", StringComparison.Ordinal))
            return "begins with two slashes, which name a host without saying so";
        if (text.StartsWith('/') || text.StartsWith(Path, StringComparison.Ordinal))
            return null;
        var mark = text.IndexOf(AuthorityMark, StringComparison.Ordinal);
        return mark > 0 && text[..mark] is "http" or "https" or Scheme
            ? FaultOfAuthority(text[(mark + AuthorityMark.Length)..])
            : $"must begin with http://, https://, {Scheme}://, / or {Path}";
    }

    /// <summary>A host is written, or is that of the request, alone or below a name that is written; nothing else of a request may be in it.</summary>
    private static string? FaultOfAuthority(string rest)
    {
        var end = rest.AsSpan().IndexOfAny("/?#");
        var authority = end < 0 ? rest : rest[..end];
        foreach (var placeholder in (string[])[Query, Path])
        {
            if (authority.EndsWith(placeholder, StringComparison.Ordinal))
                authority = authority[..^placeholder.Length];
        }

        var at = authority.IndexOf(Host, StringComparison.Ordinal);
        if (at > 0 && authority[at - 1] != '.')
            return $"may have nothing before {Host} but names that end with a dot";
        if (at >= 0 && authority.Length > at + Host.Length && authority[at + Host.Length] != ':')
            return $"may have nothing behind {Host} but a port, a path or a query";
        var example = at < 0 ? authority : $"{authority[..at]}host{authority[(at + Host.Length)..]}";
        return example.Length > 0 && !example.Contains('{') && !example.Contains('@') && Uri.TryCreate($"http://{example}/", UriKind.Absolute, out _)
            ? null
            : $"names no host; {Path} and {Query} come behind it";
    }
}
