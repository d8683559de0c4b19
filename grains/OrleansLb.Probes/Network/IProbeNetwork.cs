using System.Net.Security;

namespace OrleansLb.Probes.Network;

/// <summary>Where the connections of probes come from.</summary>
internal interface IProbeNetwork
{
    /// <summary>How the servers of TLS connections are verified.</summary>
    SslClientAuthenticationOptions Tls { get; }

    /// <summary>Opens a TCP connection.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="port">Port.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="System.Net.Sockets.SocketException">There is no connection.</exception>
    ValueTask<Stream> Connect(string host, int port, CancellationToken cancellationToken);
}
