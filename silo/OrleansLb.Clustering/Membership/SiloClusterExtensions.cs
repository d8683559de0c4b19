using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Orleans.Storage;
using OrleansLb.Clustering.Storage;
using StackExchange.Redis;

namespace OrleansLb.Clustering.Membership;

/// <summary>Puts a silo into its cluster.</summary>
public static class SiloClusterExtensions
{
    /// <summary>Adds membership, endpoints and failure detection.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">Validated options of the process.</param>
    public static ISiloBuilder UseOrleansLbMembership(this ISiloBuilder silo, MembershipOptions options)
    {
        var address = IPAddress.Parse(options.AdvertisedAddress);
        if (options.Membership == MembershipKind.Redis)
            silo.UseRedisClustering(redis => redis.ConfigurationOptions = ConfigurationOptions.Parse(options.Redis!));
        else
            silo.UseLocalhostClustering(options.SiloPort, options.GatewayPort, serviceId: options.ServiceId, clusterId: options.ClusterId);

        silo.Configure<Orleans.Configuration.ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        silo.Configure<SiloOptions>(own => own.SiloName = options.Name);
        silo.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = address;
            endpoint.SiloPort = options.SiloPort;
            endpoint.GatewayPort = options.GatewayPort;
            endpoint.SiloListeningEndpoint = new IPEndPoint(address, options.SiloPort);
            endpoint.GatewayListeningEndpoint = new IPEndPoint(address, options.GatewayPort);
        });
        silo.Services.AddFastFailureDetection();
        return silo;
    }

    /// <summary>Keeps grain state in the cluster's Redis.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">Name under which grains ask for the storage.</param>
    /// <param name="connectionString">Redis connection string.</param>
    public static ISiloBuilder AddRedisState(this ISiloBuilder silo, string name, string connectionString)
    {
        silo.Services.AddRedisGrainStorage(name, redis => redis.Configure<Orleans.Serialization.Serializer>((storage, serializer) =>
        {
            storage.ConfigurationOptions = ConfigurationOptions.Parse(connectionString);
            storage.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        }));
        return silo;
    }

    /// <summary>Keeps grain state in files of one folder, for a cluster of one.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">Name under which grains ask for the storage.</param>
    /// <param name="directory">The folder; created when missing.</param>
    public static ISiloBuilder AddFileState(this ISiloBuilder silo, string name, string directory)
    {
        silo.Services.AddGrainStorage(name, (services, _) => new FileGrainStorage(directory, services.GetRequiredService<Orleans.Serialization.Serializer>()));
        return silo;
    }
}
