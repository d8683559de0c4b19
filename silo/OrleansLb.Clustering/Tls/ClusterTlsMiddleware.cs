using Microsoft.AspNetCore.Connections;
using Orleans.Runtime.Messaging;

namespace OrleansLb.Clustering.Tls;

/// <summary>Lays TLS between a connection and Orleans; what is no process of the cluster never gets as far as Orleans.</summary>
/// <param name="secure">The handshake.</param>
internal sealed class ClusterTlsMiddleware(Func<ConnectionContext, Task<SecuredTransport>> secure) : IConnectionMiddleware
{
    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var plain = context.Transport;
        await using var secured = await secure(context);
        context.Transport = secured;
        try
        {
            await next(context);
        }
        finally
        {
            context.Transport = plain;
        }
    }
}
