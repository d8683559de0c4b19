using System.Net;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansLb.Clustering.Connections;
using StackExchange.Redis;

namespace OrleansLb.Clustering.Membership;

/// <summary>Connects a client to its cluster.</summary>
public static class ClientClusterExtensions
{
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
        client.Services.AddConnectionsThatEnd(LoopbackOnly.Unless(options));
        return client;
    }
}
