using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Http2;

/// <summary>Ends connections of HTTP/2 whose client does too often what costs it less than it costs us. The server itself bounds what a client may have at once, and little of how often.</summary>
internal static class Http2Guard
{
    private static readonly byte[] s_name = "h2"u8.ToArray();

    /// <summary>Guards a connection of HTTP/2.</summary>
    public static void Guard(ConnectionContext connection, RejectionMetrics metrics, TimeProvider clock) =>
        connection.Transport = new MeteredTransport(connection, metrics, clock);

    /// <summary>Whether a connection speaks HTTP/2: as TLS has agreed, or because the listener speaks nothing else.</summary>
    public static bool IsOf(ListenOptions listener, ConnectionContext connection) =>
        connection.Features.Get<ITlsApplicationProtocolFeature>() is { } tls ? tls.ApplicationProtocol.Span.SequenceEqual(s_name) : listener.Protocols == HttpProtocols.Http2;
}
