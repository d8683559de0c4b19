using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansLb.Core.Tls;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Bounds how many handshakes one client may begin at this front-end, before one has cost anything.</summary>
internal sealed class ClientHandshakes(int most, RejectionMetrics metrics, TimeProvider clock)
{
    private const string TooMany = "tls.handshakes";

    private readonly long _since = clock.GetTimestamp();
    private readonly HandshakeAllowance _allowance = new(most, TimeSpan.Zero);

    /// <summary>Has a listener's connections counted; once it is known whose they are, and before TLS.</summary>
    public void ApplyTo(ListenOptions listener) => listener.Use(next => connection => MayBegin(connection) ? next(connection) : Refuse(connection));

    private bool MayBegin(ConnectionContext connection) => _allowance.TryBegin((connection.RemoteEndPoint as IPEndPoint)?.Address, clock.GetElapsedTime(_since));

    private Task Refuse(ConnectionContext connection)
    {
        metrics.ConnectionRejected(connection, TooMany);
        connection.Abort(new ConnectionAbortedException("The client begins too many handshakes."));
        return Task.CompletedTask;
    }
}
