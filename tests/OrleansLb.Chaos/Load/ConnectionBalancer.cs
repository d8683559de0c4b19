using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Chaos.Load;

/// <summary>
/// Brings connections to front-ends in turn, as a TCP balancer or DNS before them does: one that accepts none is passed over, and what
/// has been connected stays where it is.
/// </summary>
public sealed class ConnectionBalancer(IEnumerable<Uri> frontends)
{
    /// <summary>What clients ask; no name of a machine.</summary>
    public static readonly Uri Address = new("http://balancer.invalid/");

    private readonly IPEndPoint[] _endpoints = [.. frontends.Select(static frontend => new IPEndPoint(IPAddress.Loopback, frontend.Port))];
    private int _next;

    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var first = (uint)Interlocked.Increment(ref _next);
        for (var tried = 0; ; tried++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(_endpoints[(first + tried) % _endpoints.Length], cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (tried < _endpoints.Length)
            {
                socket.Dispose();
            }
        }
    }
}
