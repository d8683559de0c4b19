using System.Buffers.Binary;
using System.Text;

namespace OrleansLb.Core.Affinity;

/// <summary>
/// Where a cookie is good: its domain or the request's host, and its path prefix. Bound into the seal as associated data, so that a cookie copied
/// to another host does not open there. Compared without port, without a leading dot and without regard to ASCII case.
/// </summary>
public readonly ref struct AffinityScope
{
    /// <summary>Longest host and path prefix together, in UTF-16 units; a DNS name has at most 253.</summary>
    public const int MaxLength = 512;

    private readonly ReadOnlySpan<char> _host;
    private readonly ReadOnlySpan<char> _pathPrefix;

    /// <summary>Describes where a cookie is good.</summary>
    /// <param name="host">The configured cookie domain, else the request's host, with or without port.</param>
    /// <param name="pathPrefix">The configured cookie path.</param>
    public AffinityScope(ReadOnlySpan<char> host, ReadOnlySpan<char> pathPrefix)
    {
        _host = WithoutPort(host);
        if (_host is ['.', ..])
            _host = _host[1..];
        _pathPrefix = pathPrefix;
    }

    internal bool IsTooLong => _host.Length + _pathPrefix.Length > MaxLength;

    internal int MaxBoundLength(ReadOnlySpan<char> keyId) =>
        "v1"u8.Length + (3 * sizeof(ushort)) + Encoding.UTF8.GetMaxByteCount(keyId.Length + _host.Length + _pathPrefix.Length);

    /// <summary>Writes the associated data: the version, then key id, host and path prefix, each after its length.</summary>
    internal ReadOnlySpan<byte> Bind(ReadOnlySpan<char> keyId, Span<byte> destination)
    {
        "v1"u8.CopyTo(destination);
        var length = "v1"u8.Length;
        length += WritePart(keyId, destination[length..], lowerCase: false);
        length += WritePart(_host, destination[length..], lowerCase: true);
        length += WritePart(_pathPrefix, destination[length..], lowerCase: false);
        return destination[..length];
    }

    private static int WritePart(ReadOnlySpan<char> part, Span<byte> destination, bool lowerCase)
    {
        var text = destination[sizeof(ushort)..];
        var length = Encoding.UTF8.GetBytes(part, text);
        if (lowerCase)
            Ascii.ToLowerInPlace(text[..length], out _);
        BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)length);
        return sizeof(ushort) + length;
    }

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host)
    {
        var colon = host.LastIndexOf(':');
        // The colons inside the brackets of an IPv6 address do not introduce a port.
        return colon < 0 || host[colon..].Contains(']') ? host : host[..colon];
    }
}
