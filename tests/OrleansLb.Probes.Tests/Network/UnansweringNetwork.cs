using System.Net.Security;
using OrleansLb.Probes.Network;

namespace OrleansLb.Probes.Tests.Network;

/// <summary>A network in which connecting never ends: packets to the backend are lost.</summary>
internal sealed class UnansweringNetwork : IProbeNetwork
{
    public SslClientAuthenticationOptions Tls { get; } = new();

    public async ValueTask<Stream> Connect(string host, int port, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return Stream.Null;
    }
}
