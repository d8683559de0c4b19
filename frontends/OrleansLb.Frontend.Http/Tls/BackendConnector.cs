using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using OrleansLb.Configuration;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>
/// Makes the connections of a pool that has a say in its TLS. Each handshake is by what the files hold at that moment, under the name that was configured: the client itself would read the files
/// once, and take what clients call the backend for its name.
/// </summary>
internal sealed class BackendConnector(string pool, BackendTls tls, CertificateStore certificates, BackendVerification verification)
{
    // Where HTTP/2 was offered in vain the client has given it up for good, though it does not say so: offered again it might be spoken, and be misunderstood.
    private readonly ConcurrentDictionary<DnsEndPoint, bool> _withoutHttp2 = [];

    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (request, place) = (context.InitialRequestMessage, context.DnsEndPoint);
        if (request.RequestUri?.Scheme != Uri.UriSchemeHttps)
            return await Dial(place, cancellation);
        var protocols = _withoutHttp2.ContainsKey(place) ? null : ProtocolsFor(request);
        var backend = new MeantBackend(pool, string.Create(CultureInfo.InvariantCulture, $"{place.Host}:{place.Port}"), NameOf(request, place));
        var stream = await Authenticated(new SslStream(await Dial(place, cancellation)), backend, protocols, cancellation);
        if (protocols is not null && stream.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
            _withoutHttp2[place] = true;
        return stream;
    }

    private async Task<SslStream> Authenticated(SslStream stream, MeantBackend backend, List<SslApplicationProtocol>? protocols, CancellationToken cancellation)
    {
        BackendFault? fault = null;
        try
        {
            var handshake = certificates.Backend(tls.Profile) ?? throw new AuthenticationException($"There is no {TlsOptions.SectionName}:{nameof(TlsOptions.Backends)}:{tls.Profile}.");
            await stream.AuthenticateAsClientAsync(handshake.With(backend.Host, protocols, Verified), cancellation);
            return stream;
        }
        catch (Exception exception)
        {
            await stream.DisposeAsync();
            if (fault is not null)
                throw new AuthenticationException($"The certificate of {backend.Address} is not in order: {fault.Text}.", exception);
            if (exception is AuthenticationException or IOException)
                verification.HandshakeFailed(backend, exception);
            throw;
        }

        bool Verified(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors) => (fault = verification.Verify(backend, shown, chain, errors)) is null;
    }

    /// <summary>What is configured. What a client calls the backend, where the route passes that on, is no reason to believe another one.</summary>
    private string NameOf(HttpRequestMessage request, DnsEndPoint place)
    {
        if (tls.ServerName is { } name)
            return name;
        var host = new HostString(request.Headers.Host ?? "").Host;
        return tls.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase) ? host : place.Host;
    }

    /// <summary>As the client does it: all that it would know what to do with.</summary>
    private static List<SslApplicationProtocol>? ProtocolsFor(HttpRequestMessage request) => (request.Version.Major, request.VersionPolicy) switch
    {
        (>= 2, not HttpVersionPolicy.RequestVersionOrLower) => [SslApplicationProtocol.Http2],
        (>= 2, _) or (_, HttpVersionPolicy.RequestVersionOrHigher) => [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        _ => null,
    };

    private static async Task<Stream> Dial(DnsEndPoint place, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(place, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
