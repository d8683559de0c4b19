using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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

        client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        client.Services.AddFastGatewayRefresh();
        client.Services.EndConnectionsThatAreCut();
        return client;
    }

    /// <summary>Has the client find out in seconds that a network is cut, and as soon that it is whole.</summary>
    private static void EndConnectionsThatAreCut(this IServiceCollection services)
    {
        services.Configure<ConnectionOptions>(static connections =>
            (connections.OpenConnectionTimeout, connections.ConnectionRetryDelay) = (OpenTimeout, RetryDelay));

        // Orleans keeps the key under which it looks for its factory to itself, but not what it registered.
        var orleansOwn = services.Single(static service => service.IsKeyedService && service.ServiceType == typeof(IConnectionFactory));
        services.Replace(ServiceDescriptor.KeyedSingleton<IConnectionFactory, SiloConnectionFactory>(orleansOwn.ServiceKey));
    }
}
