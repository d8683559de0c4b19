using System.Net.Security;
using System.Security.Authentication;
using OrleansLb.Core.Tls;
using OrleansLb.Hosting.Tls;

namespace OrleansLb.Frontend.Http.Stapling;

/// <summary>Has the platform show a certificate to nobody. There is no other way to learn which staple it has at hand, nor to have it renewed while no client comes.</summary>
internal static class SelfHandshake
{
    /// <summary>What a client would be shown now; <see langword="null"/> for nothing.</summary>
    /// <param name="shown">What handshakes show.</param>
    public static byte[]? Staple(SslStreamCertificateContext shown)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = shown,
            EnabledSslProtocols = SslProtocols.Tls12,
            CipherSuitesPolicy = TlsOffer.StrongCiphers(),
            AllowRenegotiation = false,
            AllowTlsResume = false,
        };
        using var client = new OneMessageStream(StatusRequest.ClientHello);
        using var server = new SslStream(client);
        try
        {
            server.AuthenticateAsServer(options);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // It always ends so: the client says nothing any more after its first message.
        }

        return StatusRequest.Find(client.Answer);
    }
}
