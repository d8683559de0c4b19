using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using OrleansLb.Probes.Network;

namespace OrleansLb.Probes.Tests.Network;

/// <summary>Files for one profile, in which one certificate is trusted.</summary>
internal sealed class TrustingProfiles(string name, X509Certificate2 trusted) : IProbeProfiles
{
    public SslClientAuthenticationOptions? Find(string profile, string host, List<SslApplicationProtocol>? protocols) => profile != name ? null : new SslClientAuthenticationOptions
    {
        TargetHost = host,
        ApplicationProtocols = protocols,
        CertificateChainPolicy = new TrustingNetwork(trusted).Tls.CertificateChainPolicy,
    };
}
