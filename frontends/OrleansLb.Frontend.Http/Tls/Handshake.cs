using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansLb.Hosting.Certificates;
using OrleansLb.Hosting.Tls;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>What is offered to clients: nothing that testers of TLS find fault with.</summary>
internal static class Handshake
{
    /// <summary>Who is slower than this has lost: longer than the slowest mobile network takes.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static readonly string?[] CurvesOfTls13 = [ECCurve.NamedCurves.nistP256.Oid.Value, ECCurve.NamedCurves.nistP384.Oid.Value, ECCurve.NamedCurves.nistP521.Oid.Value];

    /// <summary>Whether it takes the greeting of a client to tell which handshake is for it.</summary>
    public static bool DependsOnGreeting(TlsOptions options) => options.MinimumVersion != TlsVersion.Tls13 && ResumesSessions(options) && OperatingSystem.IsLinux();

    /// <summary>The handshakes that show a certificate; for any number of connections.</summary>
    /// <param name="shown">The certificate.</param>
    /// <param name="options">What else is configured.</param>
    /// <param name="authorities">Whose certificates of clients are in order, where they show any.</param>
    public static ServerHandshake With(SslStreamCertificateContext shown, TlsOptions options, X509Certificate2Collection? authorities) => new(
        From(options.MinimumVersion, shown, options, authorities),
        DependsOnGreeting(options) && IsForTls13(shown.TargetCertificate) ? From(TlsVersion.Tls13, shown, options, authorities) : null);

    private static SslServerAuthenticationOptions From(TlsVersion least, SslStreamCertificateContext shown, TlsOptions options, X509Certificate2Collection? authorities)
    {
        var mode = options.ClientCertificates.Mode;
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = shown,
            EnabledSslProtocols = TlsOffer.Versions(least),
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            // All that TLS 1.3 has are strong, and where ciphers are chosen .NET prepares everything anew for each handshake and resumes no session.
            CipherSuitesPolicy = least == TlsVersion.Tls13 ? null : TlsOffer.StrongCiphers(),
            AllowRenegotiation = false,
            AllowTlsResume = ResumesSessions(options),
            ClientCertificateRequired = mode != ClientCertificateMode.None,
            CertificateChainPolicy = authorities is null ? null : TrustedAuthorities.Policy(authorities, CertificatePurpose.Client),
            RemoteCertificateValidationCallback = mode == ClientCertificateMode.None
                ? null
                : (_, client, _, faults) => client is null ? mode == ClientCertificateMode.Request : faults == SslPolicyErrors.None && TrustedAuthorities.IsPlain((X509Certificate2)client),
        };
    }

    // A session that is resumed brings along who its client was then. And what .NET keeps for sessions knows of staples only what was true of the first handshake.
    private static bool ResumesSessions(TlsOptions options) => options.ClientCertificates.Mode == ClientCertificateMode.None && !options.OcspStapling;

    // With a key on any other curve TLS 1.2 is all that can be spoken, whatever the client offers beside it (RFC 8446, 4.2.3).
    private static bool IsForTls13(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var curve = certificate.GetECDsaPublicKey();
        return rsa is not null || (curve is not null && CurvesOfTls13.Contains(curve.ExportParameters(includePrivateParameters: false).Curve.Oid.Value));
    }
}
