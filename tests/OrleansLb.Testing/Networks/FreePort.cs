using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Testing.Networks;

/// <summary>Ports for who has to be told his before he listens.</summary>
public static class FreePort
{
    /// <summary>One that nobody listens on.</summary>
    public static int Next()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
