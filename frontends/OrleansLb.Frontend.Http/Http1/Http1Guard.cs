using Microsoft.AspNetCore.Connections;
using OrleansLb.Frontend.Http.Hosting;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Http1;

/// <summary>Has the chunks of requests looked at, see <see cref="ChunkedRequestReader"/>; all other bytes pass by.</summary>
internal static class Http1Guard
{
    /// <summary>Guards a connection of HTTP/1.</summary>
    public static void Guard(ConnectionContext connection, RejectionMetrics metrics)
    {
        var reader = new ChunkedRequestReader(connection, metrics);
        connection.Transport = new GuardedTransport(reader, connection.Transport.Output);
        connection.Features.Set(reader);
    }
}
