using System.Net.Security;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>How a certificate is shown.</summary>
/// <param name="Usual">To whoever comes.</param>
/// <param name="OfTls13">To who offers TLS 1.3, so that his sessions are resumed; <see langword="null"/> where nothing is gained by a handshake of its own, or the certificate is for older versions.</param>
internal sealed record ServerHandshake(SslServerAuthenticationOptions Usual, SslServerAuthenticationOptions? OfTls13)
{
    /// <summary>The handshake for a client.</summary>
    /// <param name="offersTls13">Whether it is known to offer TLS 1.3.</param>
    public SslServerAuthenticationOptions For(bool offersTls13) => offersTls13 && OfTls13 is not null ? OfTls13 : Usual;
}
