using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Orleans.Storage;
using OrleansLb.Clustering.Calls;
using OrleansLb.Clustering.Connections;
using OrleansLb.Clustering.Storage;
using OrleansLb.Clustering.Tls;
using OrleansLb.Hosting.CommandLine;
using StackExchange.Redis;

namespace OrleansLb.Clustering.Membership;

/// <summary>Puts a silo into its cluster.</summary>
public static class SiloClusterExtensions
{
    // What a silo has to say to a client it says over its own connection, while it has one or remembers one: to a client that it has lost it says nothing for as long.
    private static readonly TimeSpan ForgetsClientsAfter = TimeSpan.FromSeconds(1);

    /// <summary>Adds membership, endpoints, what secures them, and failure detection.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">Validated options of the process.</param>
    /// <exception cref="StartupException">Its certificate would keep it out of the cluster.</exception>
    public static ISiloBuilder UseOrleansLbMembership(this ISiloBuilder silo, MembershipOptions options)
    {
        var address = IPAddress.Parse(options.AdvertisedAddress);
        if (options.Membership == MembershipKind.Redis)
        {
            silo.UseRedisClustering(redis => redis.ConfigurationOptions = ConfigurationOptions.Parse(options.Redis!));
            silo.Services.AddMembershipKeeping(options.EmptyRedisPatience);
        }
        else
        {
            silo.UseLocalhostClustering(options.SiloPort, options.GatewayPort, serviceId: options.ServiceId, clusterId: options.ClusterId);
        }

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
        silo.Services.AddClusterTls(options, ClusterRole.Silo);
        if (options.Tls.IsOn)
            silo.UseClusterTls();
        silo.Services.AddFrameWatch();
        if (options.Tls.IsOn)
            silo.LetClientsDoLess();
        silo.Services.AddConnectionsThatEnd(LoopbackOnly.Unless(options));
        silo.Services.AddHostedService<RefusalWitness>();
        silo.Configure<SiloMessagingOptions>(static messaging => messaging.ClientDropTimeout = ForgetsClientsAfter);
        return silo;
    }

    /// <summary>Keeps grain state where the cluster meets: in its Redis, or for a cluster of one in files.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">Validated options of the process.</param>
    /// <param name="name">Name under which grains ask for the storage.</param>
    public static ISiloBuilder AddOrleansLbState(this ISiloBuilder silo, MembershipOptions options, string name)
    {
        if (options.Membership == MembershipKind.Redis)
            silo.Services.AddRedisState(name, options.Redis!);
        else
            silo.Services.AddGrainStorage(name, (services, _) => new FileGrainStorage(options.StateDirectory, services.GetRequiredService<Orleans.Serialization.Serializer>()));
        return silo;
    }

    /// <summary>Needs certificates: without them whoever reaches the ports is a silo if he wants, and there is nothing to tell front-ends by.</summary>
    private static void LetClientsDoLess(this ISiloBuilder silo)
    {
        silo.Services.AddSenderWatch();
        silo.AddFrontendCallFilter();
    }

    private static void AddMembershipKeeping(this IServiceCollection services, TimeSpan emptyRedisPatience)
    {
        services.AddSingleton<MembershipTable>();
        services.AddHostedService<MembershipKeeper>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => ActivatorUtilities.CreateInstance<EmptyRedisPause>(provider, emptyRedisPatience));
    }

    private static void AddRedisState(this IServiceCollection services, string name, string connectionString) =>
        services.AddRedisGrainStorage(name, redis => redis.Configure<Orleans.Serialization.Serializer>((storage, serializer) =>
        {
            storage.ConfigurationOptions = ConfigurationOptions.Parse(connectionString);
            storage.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        }));
}
