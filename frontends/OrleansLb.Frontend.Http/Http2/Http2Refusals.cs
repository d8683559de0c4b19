using Microsoft.AspNetCore.Connections;
using OrleansLb.Core.Http2;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Http2;

/// <summary>What is refused on one connection of HTTP/2, by us or by the server: what reads from it and what writes to it tell each other, and it is counted once.</summary>
internal sealed class Http2Refusals(ConnectionContext connection, RejectionMetrics metrics)
{
    private const string Stream = "h2.stream";
    private const string StreamNotBegun = "h2.refused_stream";
    private const string Connection = "h2.connection";

    private int _provoked;
    private int _hasEnded;

    /// <summary>The server said that the client did something wrong.</summary>
    public void Heard(in Http2Faults faults)
    {
        if (faults == default)
            return;
        Interlocked.Add(ref _provoked, faults.Provoked);
        for (var stream = 0; stream < faults.Provoked; stream++)
            metrics.ConnectionRejected(connection, Stream);
        for (var stream = 0; stream < faults.Refused; stream++)
            metrics.ConnectionRejected(connection, StreamNotBegun);
        if (faults.Connections > 0)
            End(Connection);
    }

    /// <summary>Resets that the client brought about and that were not taken yet.</summary>
    public int TakeProvoked() => Volatile.Read(ref _provoked) == 0 ? 0 : Interlocked.Exchange(ref _provoked, 0);

    /// <summary>The connection ends, because of what the client did; nothing that is said after it is told.</summary>
    public void End(string reason)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
            metrics.ConnectionRejected(connection, reason);
    }
}
