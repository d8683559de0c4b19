using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Configuration;

/// <summary>Networks as people write them: with a prefix length, or one address.</summary>
public static class NetworkText
{
    private const int IPv4Bits = 32;
    private const int IPv6Bits = 128;

    /// <summary>Reads a network such as <c>10.0.0.0/8</c>, or an address, which is a network of one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="network">The network.</param>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network))
            return IsAsWritten(network.BaseAddress, text.AsSpan(0, text.IndexOf('/', StringComparison.Ordinal)));
        if (!TryParseAddress(text, out var address))
            return false;
        network = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? IPv4Bits : IPv6Bits);
        return true;
    }

    /// <summary>Reads an address.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address.</param>
    public static bool TryParseAddress(string text, [NotNullWhen(true)] out IPAddress? address) => IPAddress.TryParse(text, out address) && IsAsWritten(address, text);

    // 4711 is 0.0.18.103 and 010.0.0.1 is 8.0.0.1 to the parser, and to nobody who writes them.
    private static bool IsAsWritten(IPAddress address, ReadOnlySpan<char> text) =>
        address.AddressFamily != AddressFamily.InterNetwork || text.SequenceEqual(address.ToString());
}
