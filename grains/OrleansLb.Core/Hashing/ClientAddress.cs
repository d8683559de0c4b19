using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Core.Hashing;

/// <summary>The bytes of a client's address that stand for the client.</summary>
internal static class ClientAddress
{
    /// <summary>Bytes of the longest address.</summary>
    public const int MaxLength = 16;

    private const int IPv4Length = 4;
    private const int BitsPerByte = 8;

    /// <summary>Writes them: IPv4 as a whole, also where it came as IPv6 (v4-mapped); IPv6 by a prefix, without its scope.</summary>
    /// <param name="address">The address; nothing is written for <see langword="null"/>.</param>
    /// <param name="ipv6PrefixLength">Bits of an IPv6 address that count, 0 to 128; a number beyond is taken as the nearer end.</param>
    /// <param name="buffer">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>What was written.</returns>
    public static ReadOnlySpan<byte> Write(IPAddress? address, int ipv6PrefixLength, Span<byte> buffer)
    {
        if (address is null || !address.TryWriteBytes(buffer, out var length))
            return [];
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return buffer[..length];
        var bytes = buffer[..MaxLength];
        if (address.IsIPv4MappedToIPv6)
            return bytes[^IPv4Length..];
        ClearAfter(bytes, Math.Clamp(ipv6PrefixLength, 0, MaxLength * BitsPerByte));
        return bytes;
    }

    // Cleared and not cut off, so that no two prefixes of different lengths are the same bytes.
    private static void ClearAfter(Span<byte> bytes, int prefixLength)
    {
        var whole = prefixLength / BitsPerByte;
        if (whole == bytes.Length)
            return;
        bytes[whole] &= (byte)~(byte.MaxValue >> (prefixLength % BitsPerByte));
        bytes[(whole + 1)..].Clear();
    }
}
