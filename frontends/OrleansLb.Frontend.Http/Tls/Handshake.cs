using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using OrleansLb.Hosting.Certificates;
using OrleansLb.Hosting.Tls;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>What is offered to clients: nothing that testers of TLS find fault with.</summary>
internal static class Handshake
{
    /// <summary>Who is slower than this has lost: longer than the slowest mobile network takes.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>The handshake that shows a certificate; for any number of connections.</summary>
    /// <param name="shown">The certificate.</param>
    /// <param name="options">What else is configured.</param>
    /// <param name="authorities">Whose certificates of clients are in order, where they show any.</param>
    public static SslServerAuthenticationOptions With(SslStreamCertificateContext shown, TlsOptions options, X509Certificate2Collection? authorities)
    {
        var mode = options.ClientCertificates.Mode;
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = shown,
            EnabledSslProtocols = TlsOffer.Versions(options.MinimumVersion),
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            // All that TLS 1.3 has are strong, and where ciphers are chosen .NET prepares everything anew for each handshake and resumes no session.
            CipherSuitesPolicy = options.MinimumVersion == TlsVersion.Tls13 ? null : TlsOffer.StrongCiphers(),
            AllowRenegotiation = false,
            // A session that is resumed brings along who its client was then. And what .NET keeps for sessions knows of staples only what was true of the first handshake.
            AllowTlsResume = mode == ClientCertificateMode.None && !options.OcspStapling,
            ClientCertificateRequired = mode != ClientCertificateMode.None,
            CertificateChainPolicy = authorities is null ? null : TrustedAuthorities.Policy(authorities, CertificatePurpose.Client),
            RemoteCertificateValidationCallback = mode == ClientCertificateMode.None
                ? null
                : (_, client, _, faults) => client is null ? mode == ClientCertificateMode.Request : faults == SslPolicyErrors.None && TrustedAuthorities.IsPlain((X509Certificate2)client),
        };
    }
}
