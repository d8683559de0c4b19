using System.Net.Sockets;

namespace OrleansLb.Clustering.Connections;

/// <summary>
/// How long a connection of the cluster waits to hear that what it sent has arrived. TCP sends again after ever longer pauses and gives up after a quarter of an hour (RFC 1122, 4.2.3.5), so whoever a
/// network hides would be talked to long after others could carry the message, and would find out long after the network is whole that it is. It is the other machine's kernel that
/// acknowledges: a process that is slow or answers another way loses no connection, and one that is frozen none until its kernel has no room for more.
/// </summary>
internal static class Acknowledgement
{
    /// <summary>Four or five times what TCP needs to send a lost packet again, thrice.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const int TcpLevel = 6;
    private const int LinuxTcpUserTimeout = 18; // RFC 5482, in ms

    /// <summary>Has a socket, and every connection that a listening one accepts, end without it. Elsewhere than on Linux only a connection on which nothing is sent ends early.</summary>
    public static void IsRequiredBy(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, (int)Patience.TotalSeconds);
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(TcpLevel, LinuxTcpUserTimeout, BitConverter.GetBytes((int)Patience.TotalMilliseconds));
    }
}
