using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OrleansLb.Core.Hashing;

namespace OrleansLb.Core.Sessions;

/// <summary>
/// Turns what a pool's sessions are called into keys: HMAC-SHA-256 (RFC 2104), cut to 128 bits, with a key of the pool's own. Whoever sees keys learns nothing
/// from them without the cluster's secret, not even of addresses, and nobody chooses a value to meet another one's key. Allocates nothing; safe for any number of threads.
/// </summary>
public sealed class SessionHasher
{
    private readonly byte[] _key;

    /// <summary>The hasher of one pool.</summary>
    /// <param name="secret">The cluster's secret, the same for as long as sessions shall be found again.</param>
    /// <param name="poolId">Pool id: one value is another session in another pool.</param>
    public SessionHasher(ReadOnlySpan<byte> secret, string poolId)
    {
        ArgumentNullException.ThrowIfNull(poolId);
        _key = HMACSHA256.HashData(secret, MemoryMarshal.AsBytes($"learned sessions of {poolId}".AsSpan()));
    }

    /// <summary>The key of a value as it came.</summary>
    /// <param name="value">Value of a cookie, header or parameter.</param>
    public SessionKey Of(ReadOnlySpan<char> value) => Of(MemoryMarshal.AsBytes(value));

    /// <summary>The key of a client's address: IPv4 by the whole of it, IPv6 by a prefix.</summary>
    /// <param name="address">The address; <see langword="null"/> where a connection has none, which is a session of its own.</param>
    /// <param name="ipv6PrefixLength">Bits of an IPv6 address that count, 0 to 128.</param>
    public SessionKey Of(IPAddress? address, int ipv6PrefixLength)
    {
        Span<byte> bytes = stackalloc byte[ClientAddress.MaxLength];
        return Of(ClientAddress.Write(address, ipv6PrefixLength, bytes));
    }

    private SessionKey Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, bytes, hash);
        return SessionKey.Read(hash);
    }
}
