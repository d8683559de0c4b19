using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using OrleansLb.Probes.Network;

namespace OrleansLb.Probes.Tests.Network;

/// <summary>The network of a machine that trusts one more certificate.</summary>
internal sealed class TrustingNetwork(X509Certificate2 trusted) : IProbeNetwork
{
    private readonly TcpNetwork _network = new();

    public SslClientAuthenticationOptions Tls { get; } = new()
    {
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { trusted },
        },
    };

    public ValueTask<Stream> Connect(string host, int port, CancellationToken cancellationToken) => _network.Connect(host, port, cancellationToken);
}
