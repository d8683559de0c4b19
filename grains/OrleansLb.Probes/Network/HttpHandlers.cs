using System.Net;

namespace OrleansLb.Probes.Network;

/// <summary>HTTP clients that send what they are told and nothing of their own, over the probes' network.</summary>
internal static class HttpHandlers
{
    public static SocketsHttpHandler Create(IProbeNetwork network) => new()
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = (context, cancellationToken) => network.Connect(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken),
        ConnectTimeout = Timeout.InfiniteTimeSpan,
        SslOptions = network.Tls,
        UseCookies = false,
        UseProxy = false,
    };
}
