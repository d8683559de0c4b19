using System.Net.Security;
using System.Text;
using OrleansLb.Probes.Network;

namespace OrleansLb.Probes.Tests.Network;

/// <summary>Connections on which everything has arrived already, so that no time passes while a test's clock stands still.</summary>
internal sealed class ImmediateNetwork(string answer) : IProbeNetwork
{
    public SslClientAuthenticationOptions Tls { get; } = new();

    public ValueTask<Stream> Connect(string host, int port, CancellationToken cancellationToken) =>
        new(new MemoryStream(Encoding.ASCII.GetBytes(answer)));
}
