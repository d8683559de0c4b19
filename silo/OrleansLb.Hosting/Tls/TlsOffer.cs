using System.Net.Security;
using System.Security.Authentication;

namespace OrleansLb.Hosting.Tls;

/// <summary>What is offered to clients, and to backends whose pools have a say in it: nothing that testers of TLS find fault with.</summary>
public static class TlsOffer
{
    // Those of TLS 1.3, and of TLS 1.2 those with forward secrecy and authenticated encryption (RFC 9325, 4.2), as Mozilla's "intermediate" has them.
    private static readonly TlsCipherSuite[] Ciphers =
    [
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    /// <summary>The versions from one on.</summary>
    public static SslProtocols Versions(TlsVersion least) => least == TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>The ciphers that are spoken; <see langword="null"/> where the system alone has a say in them.</summary>
    public static CipherSuitesPolicy? StrongCiphers() => OperatingSystem.IsLinux() ? new CipherSuitesPolicy(Ciphers) : null;
}
