using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OrleansLb.Hosting.Certificates;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>
/// The handshakes that show one certificate, for any number of connections. Those of TLS 1.3 are apart because nothing needs to be chosen there: where ciphers are, .NET prepares everything anew for
/// each handshake and resumes no session.
/// </summary>
internal sealed class ServerHandshake
{
    private readonly SslServerAuthenticationOptions _newest;
    private readonly SslServerAuthenticationOptions _older;

    /// <summary>Prepares them.</summary>
    /// <param name="shown">The certificate.</param>
    /// <param name="options">What else is configured.</param>
    /// <param name="authorities">Whose certificates of clients are in order, where they show any.</param>
    public ServerHandshake(SslStreamCertificateContext shown, TlsOptions options, X509Certificate2Collection? authorities)
    {
        _newest = Prepare(shown, options, authorities);
        _newest.EnabledSslProtocols = SslProtocols.Tls13;
        _older = Prepare(shown, options, authorities);
        _older.EnabledSslProtocols = Handshake.Versions(options.MinimumVersion);
        _older.CipherSuitesPolicy = Handshake.StrongCiphers();
    }

    /// <summary>The handshake for a client.</summary>
    /// <param name="offered">The versions that it speaks, by its first message.</param>
    public SslServerAuthenticationOptions For(SslProtocols offered) => offered.HasFlag(SslProtocols.Tls13) ? _newest : _older;

    private static SslServerAuthenticationOptions Prepare(SslStreamCertificateContext shown, TlsOptions options, X509Certificate2Collection? authorities)
    {
        var mode = options.ClientCertificates.Mode;
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = shown,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
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
