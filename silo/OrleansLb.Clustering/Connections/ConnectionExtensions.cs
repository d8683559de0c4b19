using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansLb.Hosting.Telemetry;

namespace OrleansLb.Clustering.Connections;

/// <summary>Has silos and clients find out in seconds that a network is cut, and as soon that it is whole.</summary>
internal static class ConnectionExtensions
{
    // The first packet of a connection that is lost is sent again after a second, and then after ever longer: rather a new one.
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>Has connections end that nobody acknowledges, at both of their ends: each holds back what others could carry.</summary>
    /// <param name="services">Those of a silo or a client, Orleans' own among them.</param>
    /// <param name="loopback">Whether they stay on this machine.</param>
    public static void AddConnectionsThatEnd(this IServiceCollection services, LoopbackOnly loopback)
    {
        services.Configure<ConnectionOptions>(static connections => (connections.OpenConnectionTimeout, connections.ConnectionRetryDelay) = (OpenTimeout, RetryDelay));
        services.AddSingleton(loopback);
        services.AddSingleton<RefusedConnections>();
        services.ReplaceEvery<IConnectionFactory>(static provider => ActivatorUtilities.CreateInstance<SiloConnectionFactory>(provider));
        services.ReplaceEvery<IConnectionListenerFactory>(static provider => new SocketTransportFactory(Options.Create(Listening()), provider.GetRequiredService<ILoggerFactory>()));
    }

    /// <summary>Counts the connections that somebody makes to a silo and that it ends because of what they announce. After what secures them.</summary>
    /// <param name="services">Those of a silo.</param>
    public static void AddFrameWatch(this IServiceCollection services)
    {
        services.TryAddSingleton<RejectionCounter>();
        services.AddSingleton<FrameWatch>();
        services.AddOptions<SiloConnectionOptions>().Configure<FrameWatch>(static (connections, watch) =>
        {
            connections.ConfigureSiloInboundConnection(builder => builder.UseMiddleware(watch));
            connections.ConfigureGatewayInboundConnection(builder => builder.UseMiddleware(watch));
        });
    }

    /// <summary>Has clients send as who they came in as. After what secures them, which says as whom they may.</summary>
    /// <param name="services">Those of a silo.</param>
    public static void AddSenderWatch(this IServiceCollection services)
    {
        services.TryAddSingleton<RejectionCounter>();
        services.AddSingleton<SenderWatch>();
        services.AddOptions<SiloConnectionOptions>().Configure<SenderWatch>(static (connections, watch) => connections.ConfigureGatewayInboundConnection(builder => builder.UseMiddleware(watch)));
    }

    private static SocketTransportOptions Listening() => new()
    {
        // Orleans limits what is under way by itself.
        MaxReadBufferSize = null,
        MaxWriteBufferSize = null,
        CreateBoundListenSocket = static endpoint =>
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            Acknowledgement.IsRequiredBy(socket);
            return socket;
        },
    };

    /// <summary>Replaces what Orleans registered under keys that it keeps to itself.</summary>
    private static void ReplaceEvery<TService>(this IServiceCollection services, Func<IServiceProvider, TService> create)
        where TService : class
    {
        foreach (var own in services.Where(static service => service.IsKeyedService && service.ServiceType == typeof(TService)).ToList())
        {
            services.Remove(own);
            services.AddKeyedSingleton(own.ServiceKey, (provider, _) => create(provider));
        }
    }
}
