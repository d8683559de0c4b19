using System.Globalization;
using System.IO.Hashing;
using System.Net;
using System.Numerics;
using System.Runtime.InteropServices;
using OrleansLb.Core.Hashing;
using OrleansLb.Core.Snapshots;

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

    private const int TextLength = 32;

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

    /// <summary>The key of a text that an operator writes, as front-ends derive it from a request that has it.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="text">What the policy's only part is, as a header's value.</param>
    /// <returns><see langword="null"/> when no request can have such a key: an address is none, or keys are of several parts or none.</returns>
    public static RateLimitKey? OfText(RateLimitPolicyDefinition policy, string text) => policy.Partition switch
    {
        RateLimitPartition.ClientIp => IPAddress.TryParse(text, out var address) ? Of(address, policy.IPv6PrefixLength) : null,
        RateLimitPartition.Host => Of(text.ToLowerInvariant().AsSpan()),
        _ when BitOperations.IsPow2((int)policy.Partition) => Of(text.AsSpan()),
        _ => null,
    };

    /// <summary>A key from the text that <see cref="ToString"/> gives.</summary>
    /// <param name="text">32 hexadecimal digits.</param>
    /// <param name="key">The key.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out RateLimitKey key)
    {
        var isKey = text.Length == TextLength & UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        key = isKey ? new RateLimitKey((ulong)(value >> 64), (ulong)value) : default;
        return isKey;
    }

    /// <inheritdoc/>
    public override string ToString() => new UInt128(High, Low).ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>The key of two things in this order, such as an address and a route.</summary>
    /// <param name="next">What comes after.</param>
    public RateLimitKey Then(RateLimitKey next)
    {
        ReadOnlySpan<ulong> both = [High, Low, next.High, next.Low];
        return Of(MemoryMarshal.AsBytes(both));
    }
}
