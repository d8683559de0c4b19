using System.Net;
using System.Net.Security;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Probes.Network;

/// <summary>HTTP clients that send what they are told and nothing of their own, over the probes' network.</summary>
internal sealed class HttpHandlers(IProbeNetwork network, IReadOnlyList<IProbeProfiles> profiles)
{
    private readonly ProbeConnector _connector = new(network, profiles);

    /// <summary>One that meets all who speak TLS by the machine's roots.</summary>
    public SocketsHttpHandler Create() => Create((context, cancellationToken) => network.Connect(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken));

    /// <summary>One that meets backends as their pool says.</summary>
    /// <param name="tls">How.</param>
    /// <param name="protocol">What must be spoken; <see langword="null"/> for the oldest HTTP.</param>
    public SocketsHttpHandler Create(ProbeTlsDefinition tls, SslApplicationProtocol? protocol) =>
        Create((context, cancellationToken) => _connector.Connect(tls, protocol, context, cancellationToken));

    private SocketsHttpHandler Create(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect) => new()
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = connect,
        ConnectTimeout = Timeout.InfiniteTimeSpan,
        SslOptions = network.Tls,
        UseCookies = false,
        UseProxy = false,
    };
}
