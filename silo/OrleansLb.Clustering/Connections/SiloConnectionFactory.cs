using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Orleans.Networking.Shared;

namespace OrleansLb.Clustering.Connections;

/// <summary>Connects to silos over sockets that end when what they sent is not acknowledged.</summary>
/// <param name="loggers">For what happens to connections.</param>
/// <param name="refused">Is told where nobody listens.</param>
/// <param name="loopback">Whether connections stay on this machine.</param>
internal sealed partial class SiloConnectionFactory(ILoggerFactory loggers, RefusedConnections refused, LoopbackOnly loopback) : IConnectionFactory, IDisposable
{
    // Orleans limits what is under way by itself.
    private readonly SocketConnectionContextFactory _contexts = new(
        new SocketConnectionFactoryOptions { MaxReadBufferSize = null, MaxWriteBufferSize = null }, loggers.CreateLogger<SiloConnectionFactory>());

    private readonly ILogger _logger = loggers.CreateLogger<SiloConnectionFactory>();
    private int _hasSaid;

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (!loopback.Allows(endpoint))
            throw Refused(endpoint);
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        try
        {
            Acknowledgement.IsRequiredBy(socket);
            await socket.ConnectAsync(endpoint, cancellationToken);
            return _contexts.Create(socket);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            if (exception.SocketErrorCode == SocketError.ConnectionRefused)
                refused.Tell(endpoint);
            throw new SocketConnectionException($"Unable to connect to {endpoint}. Error: {exception.SocketErrorCode}", exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _contexts.Dispose();

    /// <summary>Connections are tried again and again, which Orleans keeps to itself; what has to be done about it is said once.</summary>
    private SocketConnectionException Refused(EndPoint endpoint)
    {
        if (Interlocked.Exchange(ref _hasSaid, 1) == 0)
            LogOffLoopback(_logger, endpoint);
        return new SocketConnectionException($"{endpoint} is off loopback, and this process has no certificate.");
    }
}
