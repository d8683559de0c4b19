using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansLb.Clustering.Connections;
using StackExchange.Redis;

namespace OrleansLb.Clustering.Membership;

/// <summary>Connects a client to its cluster.</summary>
public static class ClientClusterExtensions
{
    // The first packet of a connection that is lost is sent again after a second, and then after ever longer: rather a new one.
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>Adds the way to find gateways.</summary>
    /// <param name="client">The client.</param>
    /// <param name="options">Validated options of the process.</param>
    public static IClientBuilder UseOrleansLbMembership(this IClientBuilder client, MembershipOptions options)
    {
        if (options.Membership == MembershipKind.Redis)
            client.UseRedisClustering(redis => redis.ConfigurationOptions = ConfigurationOptions.Parse(options.Redis!));
        else
            client.UseStaticClustering(new IPEndPoint(IPAddress.Parse(options.AdvertisedAddress), options.GatewayPort));

        client.Configure<Orleans.Configuration.ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        client.Services.AddFastGatewayRefresh();
        client.EndSilentConnections();
        return client;
    }

    /// <summary>Has the client find out in seconds that a network is cut, and as soon that it is whole.</summary>
    private static void EndSilentConnections(this IClientBuilder client)
    {
        client.Services.AddSingleton(static services => ActivatorUtilities.CreateInstance<SilentConnections>(services, TimeProvider.System));
        client.Services.AddOptions<ClientConnectionOptions>().Configure<SilentConnections>(static (connections, silent) =>
            connections.ConfigureConnection(builder => builder.Use(next => connection => silent.Run(connection, next))));
        client.Configure<ConnectionOptions>(static connections =>
            (connections.OpenConnectionTimeout, connections.ConnectionRetryDelay) = (OpenTimeout, RetryDelay));
    }
}
