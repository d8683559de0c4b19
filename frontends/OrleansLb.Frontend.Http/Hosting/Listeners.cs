using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Core.Overload;
using OrleansLb.Frontend.Http.Http1;
using OrleansLb.Frontend.Http.Http2;
using OrleansLb.Frontend.Http.Limits;
using OrleansLb.Frontend.Http.Overload;
using OrleansLb.Frontend.Http.ProxyProtocol;
using OrleansLb.Frontend.Http.Tls;

namespace OrleansLb.Frontend.Http.Hosting;

/// <summary>What each connection goes through before it carries requests: it is refused while there is no memory for it, says who its client is if it is a proxy's, then ends TLS, and is looked at as its protocol asks for.</summary>
internal static class Listeners
{
    // The server has one place for all of it.
    public static void AddListeners(this IServiceCollection services) =>
        services.AddOptions<KestrelServerOptions>().Configure<IServiceProvider>(static (kestrel, provider) =>
        {
            var (gate, metrics, tls) = (provider.GetRequiredService<OverloadGate>(), provider.GetRequiredService<RejectionMetrics>(), provider.GetService<TlsTermination>());
            var clock = provider.GetRequiredKeyedService<TimeProvider>(Clocks.Key);
            var options = provider.GetRequiredService<IOptions<HttpFrontendOptions>>().Value;
            var proxies = ProxyProtocolGate.Of(options.ProxyProtocol, metrics, clock);
            var clients = options.MaxConnectionsPerClient is { } most ? new ClientConnections(most, metrics) : null;
            kestrel.ConfigureEndpointDefaults(listener =>
            {
                listener.Use(next => connection => gate.Level == OverloadLevel.Connections ? Refuse(connection, metrics) : next(connection));
                proxies?.ApplyTo(listener);
                clients?.ApplyTo(listener);
                tls?.ApplyTo(listener);
                listener.Use(next => connection =>
                {
                    if (Http2Guard.IsOf(listener, connection))
                        Http2Guard.Guard(connection, metrics, clock);
                    else
                        Http1Guard.Guard(connection, metrics);
                    return next(connection);
                });
            });
        });

    private static Task Refuse(ConnectionContext connection, RejectionMetrics metrics)
    {
        metrics.ConnectionRejected(connection, RejectionMetrics.NoMemory);
        connection.Abort(new ConnectionAbortedException("There is no memory for another connection."));
        return Task.CompletedTask;
    }
}
