using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansLb.Core;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Registration;

namespace OrleansLb.Frontend.Hosting;

/// <summary>Registers what every kind of front-end shares.</summary>
public static class FrontendServiceCollectionExtensions
{
    /// <summary>Adds the front-end's identity, registration, pools and reports; a link to the cluster is added apart.</summary>
    /// <param name="services">Services of the front-end's process.</param>
    /// <param name="configuration">The process' configuration.</param>
    /// <param name="defaultId">Id of the front-end unless one is configured.</param>
    public static IServiceCollection AddOrleansLbFrontend(this IServiceCollection services, IConfiguration configuration, string defaultId)
    {
        services.AddOptions<FrontendOptions>()
            .Bind(configuration.GetSection(FrontendOptions.SectionName))
            .PostConfigure(options => options.ApplyDefaults(defaultId))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddKeyedSingleton(Clocks.Key, TimeProvider.System);
        services.AddSingleton<FrontendIdentity>();
        services.AddSingleton<ClusterContact>();
        services.AddSingleton<PoolTable>();
        services.AddSingleton<FrontendObserver>();
        services.AddHostedService<FrontendRegistrar>();
        return services;
    }

    /// <summary>Links to the silos over the network, in the background.</summary>
    /// <param name="services">Services of the front-end's process.</param>
    /// <param name="createClient">Builds the host of an Orleans client.</param>
    public static IServiceCollection AddRemoteClusterLink(this IServiceCollection services, ClusterClientFactory createClient)
    {
        services.AddSingleton(createClient);
        services.AddSingleton<RemoteClusterLink>();
        services.AddSingleton<IClusterLink>(static provider => provider.GetRequiredService<RemoteClusterLink>());
        services.AddHostedService(static provider => provider.GetRequiredService<RemoteClusterLink>());
        return services;
    }

    /// <summary>Links to the silo in the same process.</summary>
    /// <param name="services">Services of the process.</param>
    public static IServiceCollection AddCoHostedClusterLink(this IServiceCollection services) =>
        services.AddSingleton<IClusterLink>(static provider => new CoHostedClusterLink(provider.GetRequiredService<IGrainFactory>()));
}
