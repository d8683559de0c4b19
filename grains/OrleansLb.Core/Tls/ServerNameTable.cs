using System.Collections.Frozen;

namespace OrleansLb.Core.Tls;

/// <summary>
/// Finds what belongs to the name of a server that a client asks for (RFC 6066, section 3): the name itself first, then a wildcard for its first label (RFC 9525, section 6.3), then the default. Letters
/// are alike in both cases. Immutable.
/// </summary>
/// <typeparam name="T">What belongs to a name.</typeparam>
public sealed class ServerNameTable<T>
    where T : class
{
    private const string Star = "*";

    private readonly FrozenDictionary<string, T> _exact;
    private readonly FrozenDictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> _byParent;
    private readonly T? _fallback;

    /// <summary>Makes a table.</summary>
    /// <param name="entries">Names, as <c>example.com</c>, or <c>*.example.com</c> for all that are one label longer than <c>example.com</c>, in order: of entries alike the first counts.</param>
    /// <param name="fallback">For clients that ask for no name or for one that is not there; <see langword="null"/> for nothing.</param>
    public ServerNameTable(IEnumerable<(string Name, T Value)> entries, T? fallback)
    {
        var (exact, byParent) = (new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase), new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase));
        foreach (var (name, value) in entries)
            _ = name.StartsWith(Star + '.', StringComparison.Ordinal) ? byParent.TryAdd(name[Star.Length..], value) : exact.TryAdd(name, value);
        _exact = exact.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _byParent = byParent.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        _fallback = fallback;
    }

    /// <summary>Finds what belongs to a name.</summary>
    /// <param name="name">The name that the client asks for; <see langword="null"/> or empty for none. A final dot is no part of it.</param>
    /// <returns>The best that there is, or <see langword="null"/>.</returns>
    public T? Find(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return _fallback;
        if (name[^1] == '.')
            name = name[..^1];
        if (_exact.TryGetValue(name, out var value))
            return value;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _byParent.TryGetValue(name.AsSpan(dot), out value) ? value : _fallback;
    }
}
