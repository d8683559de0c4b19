using System.Net.Security;
using System.Net.Sockets;
using OrleansLb.Probes.Network;

namespace OrleansLb.Grains.Tests.Health;

/// <summary>The network of one silo's probes, which can be cut.</summary>
internal sealed class SwitchableNetwork : IProbeNetwork
{
    private readonly TcpNetwork _network = new();
    private int _opened;

    public volatile bool IsCut;

    /// <summary>Connections that were asked for.</summary>
    public int Opened => Volatile.Read(ref _opened);

    public SslClientAuthenticationOptions Tls => _network.Tls;

    public ValueTask<Stream> Connect(string host, int port, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        return IsCut ? throw new SocketException((int)SocketError.ConnectionRefused) : _network.Connect(host, port, cancellationToken);
    }
}
