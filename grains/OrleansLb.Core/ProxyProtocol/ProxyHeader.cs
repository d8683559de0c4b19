using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansLb.Core.ProxyProtocol;

/// <summary>
/// What a proxy says of a connection before anything else is sent on it, in either version of the PROXY protocol (haproxy.org, doc/proxy-protocol.txt). Read strictly: a header that is almost one is none.
/// </summary>
/// <param name="Length">Bytes that the header takes.</param>
/// <param name="Source">The client; <see langword="null"/> when the proxy speaks for itself or does not know, so that whoever is connected counts.</param>
public readonly record struct ProxyHeader(int Length, IPEndPoint? Source)
{
    /// <summary>The longest header that is read; those of the first version are 107 bytes at most.</summary>
    public const int Longest = 4 * 1024;

    private const int LongestLine = 107;
    private const int BinaryHead = 16;
    private const int LengthOfFour = 12;
    private const int LengthOfSix = 36;

    private static readonly byte[] s_line = "PROXY "u8.ToArray();
    private static readonly byte[] s_signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    /// <summary>Reads the header at the beginning of a connection.</summary>
    /// <param name="bytes">What has come so far.</param>
    /// <param name="header">The header, when it is complete.</param>
    public static ProxyHeaderStep Read(ReadOnlySpan<byte> bytes, out ProxyHeader header)
    {
        header = default;
        if (Begins(bytes, s_line))
            return bytes.Length < s_line.Length ? ProxyHeaderStep.NeedMore : ReadLine(bytes, out header);
        if (Begins(bytes, s_signature))
            return bytes.Length < BinaryHead ? ProxyHeaderStep.NeedMore : ReadBinary(bytes, out header);
        return ProxyHeaderStep.Refused;
    }

    /// <summary>Whether as much as there is agrees.</summary>
    private static bool Begins(ReadOnlySpan<byte> bytes, byte[] beginning) =>
        bytes.Length < beginning.Length ? beginning.AsSpan().StartsWith(bytes) : bytes.StartsWith(beginning);

    private static ProxyHeaderStep ReadLine(ReadOnlySpan<byte> bytes, out ProxyHeader header)
    {
        header = default;
        var end = bytes[..Math.Min(bytes.Length, LongestLine)].IndexOf("\r\n"u8);
        if (end < 0)
            return bytes.Length < LongestLine ? ProxyHeaderStep.NeedMore : ProxyHeaderStep.Refused;
        var parts = Encoding.Latin1.GetString(bytes[s_line.Length..end]).Split(' ');
        if (parts[0] == "UNKNOWN")
            return Complete(end + 2, null, out header);
        var family = parts[0] switch { "TCP4" => AddressFamily.InterNetwork, "TCP6" => AddressFamily.InterNetworkV6, _ => AddressFamily.Unknown };
        return parts.Length == 5 && Parse(parts[1], parts[3], family) is { } source && Parse(parts[2], parts[4], family) is not null
            ? Complete(end + 2, source, out header)
            : ProxyHeaderStep.Refused;
    }

    private static IPEndPoint? Parse(string address, string port, AddressFamily family)
    {
        // What the framework takes beside these, as 1 or 0x7f.1, is no address that a proxy writes.
        var isPlain = family == AddressFamily.InterNetwork ? address.Count('.') == 3 && address.All(static c => char.IsAsciiDigit(c) || c == '.') : !address.AsSpan().ContainsAny("[]%");
        return isPlain
            && IPAddress.TryParse(address, out var parsed) && parsed.AddressFamily == family
            && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (port.Length == 1 || port[0] != '0')
            ? new IPEndPoint(parsed, number)
            : null;
    }

    private static ProxyHeaderStep ReadBinary(ReadOnlySpan<byte> bytes, out ProxyHeader header)
    {
        header = default;
        var (command, family, length) = (bytes[12], bytes[13], BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]));
        var end = BinaryHead + length;
        if (command is not (0x20 or 0x21) || end > Longest)
            return ProxyHeaderStep.Refused;
        if (bytes.Length < end)
            return ProxyHeaderStep.NeedMore;
        // Its own connections, to see whether this is alive; and those of which it says nothing.
        if (command == 0x20 || family == 0x00)
            return Complete(end, null, out header);
        var addresses = bytes[BinaryHead..end];
        return family switch
        {
            0x11 when length >= LengthOfFour => Complete(end, EndPoint(addresses[..4], addresses[8..]), out header),
            0x21 when length >= LengthOfSix => Complete(end, EndPoint(addresses[..16], addresses[32..]), out header),
            _ => ProxyHeaderStep.Refused,
        };
    }

    private static IPEndPoint EndPoint(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port) => new(new IPAddress(address), BinaryPrimitives.ReadUInt16BigEndian(port));

    private static ProxyHeaderStep Complete(int length, IPEndPoint? source, out ProxyHeader header)
    {
        header = new ProxyHeader(length, source);
        return ProxyHeaderStep.Complete;
    }
}
