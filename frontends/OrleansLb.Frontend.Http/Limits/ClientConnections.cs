using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansLb.Core.Networks;

namespace OrleansLb.Frontend.Http.Limits;

/// <summary>Bounds how many connections one client has at this front-end.</summary>
internal sealed class ClientConnections(int most, RejectionMetrics metrics)
{
    private const string TooMany = "limit.connections";

    private readonly ConcurrentDictionary<IPAddress, int> _open = new();

    /// <summary>Clients that have any.</summary>
    public int Clients => _open.Count;

    /// <summary>Has a listener's connections counted; once it is known whose they are.</summary>
    public void ApplyTo(ListenOptions listener) => listener.Use(next => connection =>
        connection.RemoteEndPoint is IPEndPoint { Address: var address } ? Count(ClientNetwork.Of(address), connection, next) : next(connection));

    private async Task Count(IPAddress client, ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            if (_open.AddOrUpdate(client, 1, static (_, open) => open + 1) <= most)
                await next(connection);
            else
                Refuse(connection);
        }
        finally
        {
            Leave(client);
        }
    }

    private void Leave(IPAddress client)
    {
        while (true)
        {
            var open = _open[client];
            if (open == 1 ? _open.TryRemove(KeyValuePair.Create(client, 1)) : _open.TryUpdate(client, open - 1, open))
                return;
        }
    }

    private void Refuse(ConnectionContext connection)
    {
        metrics.ConnectionRejected(connection, TooMany);
        connection.Abort(new ConnectionAbortedException("The client has too many connections."));
    }
}
