using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using OrleansLb.Hosting.Certificates;

namespace OrleansLb.Hosting.Tls;

/// <summary>What is asked of backends and shown to them. Immutable.</summary>
/// <param name="least">The oldest version that is spoken.</param>
/// <param name="authorities">Whose certificates are in order; <see langword="null"/> for those of everybody whom the machine trusts.</param>
/// <param name="shown">The certificate for those who ask for one; <see langword="null"/> for none.</param>
public sealed class BackendHandshake(TlsVersion least, X509Certificate2Collection? authorities, SslStreamCertificateContext? shown)
{
    /// <summary>That of pools which name no profile.</summary>
    public static readonly BackendHandshake Usual = new(TlsVersion.Tls12, authorities: null, shown: null);

    /// <summary>The handshake of one connection.</summary>
    /// <param name="host">The name that the certificate must have.</param>
    /// <param name="protocols">What may be spoken over it; <see langword="null"/> for the oldest HTTP that needs no name.</param>
    /// <param name="verify">Hears what is wrong with the certificate, and has the last word; <see langword="null"/> where anything wrong ends it.</param>
    public SslClientAuthenticationOptions With(string host, List<SslApplicationProtocol>? protocols, RemoteCertificateValidationCallback? verify) => new()
    {
        TargetHost = host,
        ApplicationProtocols = protocols,
        EnabledSslProtocols = TlsOffer.Versions(least),
        CipherSuitesPolicy = TlsOffer.StrongCiphers(),
        CertificateChainPolicy = authorities is null ? null : TrustedAuthorities.Policy(authorities, CertificatePurpose.Server),
        ClientCertificateContext = shown,
        RemoteCertificateValidationCallback = verify,
        AllowRenegotiation = false,
        // A session that is resumed was verified by what was believed then.
        AllowTlsResume = false,
    };
}
