using System.IO.Hashing;
using System.Net;
using System.Runtime.InteropServices;
using OrleansLb.Core.Hashing;

namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// Identity of one limited key (a client address, a header value) inside its policy: 128 bits instead of a string, so
/// that a table of a million keys has a fixed cost a key. Every process derives the same value from the same text.
/// </summary>
/// <param name="High">Upper half of the hash; chooses the range.</param>
/// <param name="Low">Lower half of the hash.</param>
public readonly record struct RateLimitKey(ulong High, ulong Low)
{
    /// <summary>Number of hash ranges that the keys of one policy are divided into; fixed, because it is part of grain keys.</summary>
    public const int RangeCount = 1024;

    /// <summary>The range this key belongs to, 0 to <see cref="RangeCount"/> - 1.</summary>
    public int Range => (int)(High % RangeCount);

    /// <summary>Derives the key of a text.</summary>
    /// <param name="text">What requests that share a limit have in common.</param>
    public static RateLimitKey Of(ReadOnlySpan<char> text) => Of(MemoryMarshal.AsBytes(text));

    /// <summary>Derives the key of bytes, as those of an address.</summary>
    /// <param name="bytes">What requests that share a limit have in common.</param>
    public static RateLimitKey Of(ReadOnlySpan<byte> bytes)
    {
        var hash = XxHash128.HashToUInt128(bytes);
        return new RateLimitKey((ulong)(hash >> 64), (ulong)hash);
    }

    /// <summary>Derives the key of a client's address: IPv4 by the whole of it, IPv6 by a prefix.</summary>
    /// <param name="address">The address; <see langword="null"/> where a connection has none, which is a key of its own.</param>
    /// <param name="ipv6PrefixLength">Bits of an IPv6 address that count, 0 to 128.</param>
    public static RateLimitKey Of(IPAddress? address, int ipv6PrefixLength)
    {
        Span<byte> bytes = stackalloc byte[ClientAddress.MaxLength];
        return Of(ClientAddress.Write(address, ipv6PrefixLength, bytes));
    }

    /// <summary>The key of two things in this order, such as an address and a route.</summary>
    /// <param name="next">What comes after.</param>
    public RateLimitKey Then(RateLimitKey next)
    {
        ReadOnlySpan<ulong> both = [High, Low, next.High, next.Low];
        return Of(MemoryMarshal.AsBytes(both));
    }
}
