using Microsoft.Extensions.Primitives;

namespace OrleansLb.Frontend.Http.Affinity;

/// <summary>
/// Reads the values of the cookies of one name as the client sent them, in order. The framework's collection keeps one cookie of a name, so that
/// whoever can plant a second one would push ours out.
/// </summary>
internal ref struct RequestCookieReader(StringValues headers, string name)
{
    private int _header = -1;
    private ReadOnlySpan<char> _rest;

    /// <summary>The value found, without its name.</summary>
    public ReadOnlySpan<char> Value { get; private set; }

    public bool MoveNext()
    {
        while (TryNextPair(out var pair))
        {
            if (TryMatch(pair, name, out var value))
            {
                Value = value;
                return true;
            }
        }

        return false;
    }

    /// <summary>The cookies of a request without those of one name.</summary>
    /// <param name="headers">The values of the header <c>Cookie</c>.</param>
    /// <param name="name">Name of the cookies to leave out.</param>
    /// <returns>Other cookies with their text unchanged; empty if there are none.</returns>
    public static StringValues Without(StringValues headers, string name)
    {
        // Most clients have no other.
        List<string>? kept = null;
        var reader = new RequestCookieReader(headers, name);
        while (reader.TryNextPair(out var pair))
        {
            if (!pair.IsEmpty && !TryMatch(pair, name, out _))
                (kept ??= []).Add(pair.ToString());
        }

        return kept is null ? StringValues.Empty : string.Join("; ", kept);
    }

    private static bool TryMatch(ReadOnlySpan<char> pair, string name, out ReadOnlySpan<char> value)
    {
        value = default;
        if (!pair.StartsWith(name, StringComparison.Ordinal) || pair.Length == name.Length || pair[name.Length] != '=')
            return false;
        value = pair[(name.Length + 1)..];
        return true;
    }

    private bool TryNextPair(out ReadOnlySpan<char> pair)
    {
        while (_rest.IsEmpty)
        {
            if (++_header >= headers.Count)
            {
                pair = default;
                return false;
            }

            _rest = headers[_header];
        }

        var end = _rest.IndexOf(';');
        pair = (end < 0 ? _rest : _rest[..end]).Trim(" \t");
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return true;
    }
}
