using System.Net.Security;
using OrleansLb.Probes.Network;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Has the probes of a front-end that is on its own meet backends as its requests do.</summary>
internal sealed class BackendProbeProfiles(CertificateStore certificates) : IProbeProfiles
{
    public SslClientAuthenticationOptions? Find(string profile, string host, List<SslApplicationProtocol>? protocols) =>
        certificates.Backend(profile)?.With(host, protocols, verify: null);
}
