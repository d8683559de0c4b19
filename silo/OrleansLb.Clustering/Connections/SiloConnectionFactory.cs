using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Orleans.Networking.Shared;

namespace OrleansLb.Clustering.Connections;

/// <summary>
/// Connects a client to silos over sockets that end when what they sent is not acknowledged. TCP sends again after ever longer pauses and gives up after a quarter of an hour
/// (RFC 1122, 4.2.3.5), so a client would go on asking a silo that a network hides from it while others answer, and find out long after the network is whole that it is. It is
/// the other machine's kernel that acknowledges: a silo that is slow, frozen, or answers by way of another one loses no connection.
/// </summary>
internal sealed class SiloConnectionFactory(ILoggerFactory loggers) : IConnectionFactory, IDisposable
{
    /// <summary>Four or five times what TCP needs to send a lost packet again, thrice.</summary>
    private static readonly TimeSpan Unacknowledged = TimeSpan.FromSeconds(2);

    private const int TcpLevel = 6;
    private const int LinuxTcpUserTimeout = 18; // RFC 5482, in ms

    // Orleans limits what is under way by itself.
    private readonly SocketConnectionContextFactory _contexts = new(
        new SocketConnectionFactoryOptions { MaxReadBufferSize = null, MaxWriteBufferSize = null }, loggers.CreateLogger<SiloConnectionFactory>());

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        try
        {
            EndWithoutAcknowledgement(socket);
            await socket.ConnectAsync(endpoint, cancellationToken);
            return _contexts.Create(socket);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new SocketConnectionException($"Unable to connect to {endpoint}. Error: {exception.SocketErrorCode}", exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _contexts.Dispose();

    /// <summary>Elsewhere than on Linux only a connection on which nothing is sent ends early.</summary>
    private static void EndWithoutAcknowledgement(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, (int)Unacknowledged.TotalSeconds);
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(TcpLevel, LinuxTcpUserTimeout, BitConverter.GetBytes((int)Unacknowledged.TotalMilliseconds));
    }
}
