using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Probes.Network;

/// <summary>Connections of probes to backends of pools that say how they are met.</summary>
/// <param name="network">Where connections come from.</param>
/// <param name="profiles">What this process has files for; where none of it has a pool's profile, the machine's roots count and nothing is shown.</param>
internal sealed class ProbeConnector(IProbeNetwork network, IReadOnlyList<IProbeProfiles> profiles)
{
    /// <summary>Connects for one request of the HTTP client, which takes what is TLS already as it is.</summary>
    /// <param name="tls">How the backend is met.</param>
    /// <param name="protocol">What must be spoken; <see langword="null"/> for the oldest HTTP, which needs no name.</param>
    /// <param name="context">What the client says of the connection.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<Stream> Connect(ProbeTlsDefinition tls, SslApplicationProtocol? protocol, SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var place = context.DnsEndPoint;
        var connection = new SslStream(await network.Connect(place.Host, place.Port, cancellationToken));
        try
        {
            var host = tls.ServerName ?? HostOf(context.InitialRequestMessage) ?? place.Host;
            await connection.AuthenticateAsClientAsync(Handshake(tls.Profile, host, protocol is { } one ? [one] : null), cancellationToken);
            return connection;
        }
        catch (Exception exception)
        {
            await connection.DisposeAsync();
            // Who hangs up in the middle of a handshake has made none, as who never answers it has not; only what the socket itself knows is more.
            if (exception is IOException { InnerException: not SocketException })
                throw new AuthenticationException("The handshake was broken off.", exception);
            throw;
        }
    }

    private SslClientAuthenticationOptions Handshake(string? profile, string host, List<SslApplicationProtocol>? protocols)
    {
        foreach (var known in profile is null ? [] : profiles)
        {
            if (known.Find(profile!, host, protocols) is { } handshake)
                return handshake;
        }

        return new SslClientAuthenticationOptions { TargetHost = host, ApplicationProtocols = protocols, CertificateChainPolicy = network.Tls.CertificateChainPolicy };
    }

    private static string? HostOf(HttpRequestMessage request) =>
        request.Headers.Host is { } host && Uri.TryCreate($"https://{host}", UriKind.Absolute, out var address) ? address.IdnHost : null;
}
