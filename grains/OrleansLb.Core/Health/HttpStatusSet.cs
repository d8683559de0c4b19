using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OrleansLb.Core.Health;

/// <summary>A set of final HTTP statuses, written as <c>200-299,401</c>. Immutable; equal when written alike, spaces apart.</summary>
public sealed class HttpStatusSet : IEquatable<HttpStatusSet>
{
    private const int Least = 200;
    private const int Most = 599;

    private readonly (int First, int Last)[] _ranges;
    private readonly string _text;

    private HttpStatusSet((int First, int Last)[] ranges)
    {
        _ranges = ranges;
        _text = string.Join(',', ranges.Select(static range => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}"));
    }

    /// <summary>200 to 299.</summary>
    public static HttpStatusSet Successful { get; } = new([(200, 299)]);

    /// <summary>500 to 599.</summary>
    public static HttpStatusSet ServerErrors { get; } = new([(500, 599)]);

    /// <summary>Reads a set; <see langword="false"/> for anything but single statuses and ranges from 200 to 599, apart by commas.</summary>
    /// <param name="text">The set as written.</param>
    /// <param name="set">The set as read.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out HttpStatusSet? set)
    {
        ArgumentNullException.ThrowIfNull(text);
        set = null;
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var ranges = new (int First, int Last)[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!TryParseRange(parts[i], out ranges[i])) return false;
        }

        set = new HttpStatusSet(ranges);
        return true;
    }

    /// <summary>Whether a status is in the set.</summary>
    /// <param name="status">The status.</param>
    public bool Contains(int status) => Array.Exists(_ranges, range => status >= range.First && status <= range.Last);

    /// <summary>The set as it is written.</summary>
    public override string ToString() => _text;

    /// <inheritdoc/>
    public bool Equals(HttpStatusSet? other) => other is not null && other._text == _text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HttpStatusSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    private static bool TryParseRange(string text, out (int First, int Last) range)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var (first, last) = dash < 0 ? (text, text) : (text[..dash].TrimEnd(), text[(dash + 1)..].TrimStart());
        range = default;
        if (!TryParseStatus(first, out range.First) || !TryParseStatus(last, out range.Last)) return false;
        return range.First <= range.Last;
    }

    private static bool TryParseStatus(string text, out int status) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out status) && status is >= Least and <= Most;
}
