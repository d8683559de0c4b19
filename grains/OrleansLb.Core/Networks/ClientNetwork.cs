using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Core.Networks;

/// <summary>What counts as one client where clients are counted by their addresses.</summary>
public static class ClientNetwork
{
    private const int BytesOfNetwork = 8;

    /// <summary>The client of an address. Of IPv6 it is a network of 64 bits, which is the least that anybody has.</summary>
    /// <param name="address">Where the client comes from.</param>
    public static IPAddress Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(BytesOfNetwork).Clear();
        return new IPAddress(bytes);
    }
}
