using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace OrleansLb.Testing.Certificates;

/// <summary>Speaks TLS to one place, whatever host it asks for there.</summary>
/// <param name="server">The place.</param>
/// <param name="root">Whom it trusts, and nobody else.</param>
public sealed class TlsClient(IPEndPoint server, X509Certificate2 root)
{
    /// <summary>One that trusts an authority of a test's own.</summary>
    /// <param name="server">The place.</param>
    /// <param name="authority">Whom it trusts, and nobody else.</param>
    public TlsClient(IPEndPoint server, TestAuthority authority)
        : this(server, authority.Root)
    {
    }

    /// <summary>The address that it comes from.</summary>
    /// <value>Default: whichever the machine takes.</value>
    public IPAddress? From { get; init; }

    /// <summary>What handshakes of <see cref="Open"/> go through.</summary>
    /// <value>Default: nothing but the connection.</value>
    public Func<Stream, Stream> Through { get; init; } = static connection => connection;

    /// <summary>A client of HTTP.</summary>
    /// <param name="version">Version of HTTP, no other; 1.1 unless given.</param>
    /// <param name="shown">A certificate that it shows if asked for one.</param>
    public HttpClient Http(Version? version = null, IssuedCertificate? shown = null)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) => new NetworkStream(await Connect(cancellation), ownsSocket: true),
            SslOptions = { CertificateChainPolicy = Trust(), ClientCertificateContext = shown?.Context },
        };
        return new HttpClient(handler) { DefaultRequestVersion = version ?? HttpVersion.Version11, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    /// <summary>Makes a handshake, whoever the certificate is for, and says what came of it.</summary>
    /// <param name="host">The host that it asks for; empty for none.</param>
    /// <param name="configure">What else it wants.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="AuthenticationException">The server refused it.</exception>
    public async Task<SeenHandshake> Handshake(string host, Action<SslClientAuthenticationOptions>? configure = null, CancellationToken cancellation = default)
    {
        await using var stream = await Open(host, configure, cancellation);
        return new SeenHandshake(((X509Certificate2)stream.RemoteCertificate!).SerialNumber, stream.SslProtocol, stream.NegotiatedApplicationProtocol, stream.NegotiatedCipherSuite);
    }

    /// <summary>Makes a handshake, whoever the certificate is for, and leaves what is said then to the test.</summary>
    /// <param name="host">The host that it asks for; empty for none.</param>
    /// <param name="configure">What else it wants.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="AuthenticationException">The server refused it.</exception>
    public async Task<SslStream> Open(string host, Action<SslClientAuthenticationOptions>? configure = null, CancellationToken cancellation = default)
    {
        var stream = new SslStream(Through(new NetworkStream(await Connect(cancellation), ownsSocket: true)));
        try
        {
            // Whom it is for is what the test looks at.
            var options = new SslClientAuthenticationOptions { TargetHost = host, RemoteCertificateValidationCallback = static (_, _, _, faults) => (faults & ~SslPolicyErrors.RemoteCertificateNameMismatch) == 0, CertificateChainPolicy = Trust() };
            configure?.Invoke(options);
            await stream.AuthenticateAsClientAsync(options, cancellation);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(root);
        return policy;
    }

    private async Task<Socket> Connect(CancellationToken cancellation)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (From is not null)
                socket.Bind(new IPEndPoint(From, 0));
            await socket.ConnectAsync(server, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
