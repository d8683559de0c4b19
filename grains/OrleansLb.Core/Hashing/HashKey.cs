using System.IO.Hashing;
using System.Net;
using System.Runtime.InteropServices;

namespace OrleansLb.Core.Hashing;

/// <summary>
/// What a hashed pick goes by: 64 uniformly distributed bits of a client address, a path, a header, a cookie. Every front-end derives the same
/// key from the same bytes (XxHash3), so all of them pick the same backend without talking. Not for secrets and not against attackers: whoever
/// chooses the text may choose the backend.
/// </summary>
/// <param name="Value">The hash.</param>
public readonly record struct HashKey(ulong Value)
{
    /// <summary>Bits of an IPv6 address that are hashed unless configured: what a network gives to one customer, whose hosts choose the rest freely.</summary>
    public const int DefaultIPv6PrefixLength = 64;

    /// <summary>Derives the key of a text, by its UTF-16 code units: case and percent-encoding count.</summary>
    /// <param name="text">What requests that go together have in common; may be empty.</param>
    public static HashKey Of(ReadOnlySpan<char> text) => Of(MemoryMarshal.AsBytes(text));

    /// <summary>Derives the key of bytes.</summary>
    /// <param name="bytes">What requests that go together have in common; may be empty.</param>
    public static HashKey Of(ReadOnlySpan<byte> bytes) => new(XxHash3.HashToUInt64(bytes));

    /// <summary>Derives the key of a client's address: IPv4 by the whole of it, also where it came as IPv6 (v4-mapped); IPv6 by a prefix, without its scope.</summary>
    /// <param name="address">The address; <see langword="null"/> where a connection has none, which is a key of its own.</param>
    /// <param name="ipv6PrefixLength">Bits of an IPv6 address that count, 0 to 128; a number beyond is taken as the nearer end.</param>
    public static HashKey Of(IPAddress? address, int ipv6PrefixLength = DefaultIPv6PrefixLength)
    {
        Span<byte> bytes = stackalloc byte[ClientAddress.MaxLength];
        return Of(ClientAddress.Write(address, ipv6PrefixLength, bytes));
    }

    /// <summary>The key of two things in this order, such as a path and a query, without writing them one after the other.</summary>
    /// <param name="next">What comes after.</param>
    public HashKey Then(HashKey next)
    {
        ReadOnlySpan<ulong> both = [Value, next.Value];
        return Of(MemoryMarshal.AsBytes(both));
    }

    /// <summary>The key as a number from 0 to below 1.</summary>
    public double Fraction => (Value >> 11) * (1.0 / (1UL << 53));
}
