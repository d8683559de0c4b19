using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace OrleansLb.Probes.Network;

/// <summary>The network as it is; certificates are verified as the machine does it.</summary>
internal sealed class TcpNetwork : IProbeNetwork
{
    public SslClientAuthenticationOptions Tls { get; } = new();

    public async ValueTask<Stream> Connect(string host, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(host, port), cancellationToken);
            RefuseItself(socket);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Where nobody listens on a local port, a client may by chance be given that very port as its own, and TCP lets it meet itself: a dead
    /// backend would look alive.
    /// </summary>
    internal static void RefuseItself(Socket socket)
    {
        if (Equals(socket.LocalEndPoint, socket.RemoteEndPoint))
            throw new SocketException((int)SocketError.ConnectionRefused);
    }
}
