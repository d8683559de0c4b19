using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Core;
using OrleansLb.Frontend.Circuits;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Concurrency;
using OrleansLb.Frontend.Countries;
using OrleansLb.Frontend.Draining;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Leases;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Registration;
using OrleansLb.Frontend.Reporting;
using OrleansLb.Frontend.Sessions;
using OrleansLb.Frontend.Snapshots;
using OrleansLb.Hosting.Status;
using OrleansLb.Probes;
using OrleansLb.Probes.Agents;
using OrleansLb.Probes.Network;

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
        services.AddMember(configuration, defaultId, limitsOnly: false);
        services.AddSingleton<DrainMetrics>();
        services.AddSingleton<BackendDrains>();
        services.AddSingleton<IFrontendObserver, FrontendObserver>();
        services.AddSingleton<ExchangeMetrics>();
        services.AddHostedService<ExchangeLoop>();
        services.TryAddSingleton<IAvailableBackends, HealthyBackends>();
        services.AddSingleton<SlotMetrics>();
        services.AddHostedService<SlotExchangeLoop>();
        services.AddSessions();
        return services.AddCountries().AddHealth();
    }

    /// <summary>Adds what an application needs that uses the cluster's limits and carries no traffic; a link to the cluster is added apart.</summary>
    /// <param name="services">Services of the application.</param>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="defaultId">Its id in the cluster unless one is configured.</param>
    internal static void AddOrleansLbLimitsOnly(this IServiceCollection services, IConfiguration configuration, string defaultId)
    {
        services.AddMember(configuration, defaultId, limitsOnly: true);
        services.AddSingleton<IFrontendObserver, LimitsObserver>();
    }

    /// <summary>What makes a process known to the cluster: its identity, its registration, the configuration that it follows, and the limits.</summary>
    private static void AddMember(this IServiceCollection services, IConfiguration configuration, string defaultId, bool limitsOnly)
    {
        services.AddOptions<FrontendOptions>()
            .Bind(configuration.GetSection(FrontendOptions.SectionName))
            .PostConfigure(options => options.ApplyDefaults(defaultId))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddKeyedSingleton(Clocks.Key, TimeProvider.System);
        services.AddSingleton<DataFileMetrics>();
        services.AddSingleton<IncarnationSource>();
        services.AddSingleton(provider => new FrontendIdentity(
            provider.GetRequiredService<IOptions<FrontendOptions>>(), provider.GetRequiredService<IncarnationSource>(), limitsOnly));
        services.AddSingleton<ClusterContact>();
        services.AddSingleton<ClusterMetrics>();
        services.AddSingleton<IReadinessCheck, ClusterReadinessCheck>();
        services.AddSingleton<PoolTable>();
        services.AddSingleton<RequestTallies>();
        services.AddConfiguration();
        services.AddHostedService<FrontendRegistrar>();
        services.AddLimits();
    }

    private static void AddLimits(this IServiceCollection services)
    {
        services.AddSingleton<LimitClock>();
        services.AddSingleton<LimitShareFile>();
        services.AddSingleton(static provider => new LimitShare(
            provider.GetRequiredService<LimitShareFile>(), provider.GetRequiredService<LimitClock>()));
        services.AddHostedService<LimitShareKeeper>();
        services.AddSingleton<RateLimitMetrics>();
        services.AddSingleton<RateLimiterTable>();
        services.AddHostedService<LeaseKeeper>();
    }

    private static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<LearnedSessions>();
        services.AddSingleton<SessionMetrics>();
        services.AddSingleton<SessionRanges>();
        services.AddSingleton<SessionResolver>();
        services.AddHostedService<SessionKeeper>();
    }

    private static IServiceCollection AddCountries(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<FrontendOptions>, CountryDatabaseValidation>();
        services.AddSingleton<CountryMetrics>();
        services.AddSingleton(static provider => new CountryDatabase(
            provider.GetRequiredService<IOptions<FrontendOptions>>(),
            provider.GetRequiredService<CountryMetrics>(),
            provider.GetRequiredService<ILogger<CountryDatabase>>()));
        services.AddHostedService<CountryDatabaseFollower>();
        return services.AddSingleton<IReadinessCheck, CountryReadinessCheck>();
    }

    private static IServiceCollection AddHealth(this IServiceCollection services)
    {
        // Shared with the silo where both live in one process.
        services.TryAddSingleton<ProbeMetrics>();
        services.TryAddSingleton(static provider => new Prober(
            provider.GetRequiredKeyedService<TimeProvider>(Clocks.Key), provider.GetRequiredService<ProbeMetrics>(), provider.GetServices<IProbeProfiles>()));
        services.TryAddSingleton<AgentMetrics>();
        services.TryAddSingleton(static provider => new AgentClient(
            provider.GetRequiredKeyedService<TimeProvider>(Clocks.Key), provider.GetRequiredService<AgentMetrics>()));
        services.AddSingleton<PoolHealthWitness>();
        services.AddSingleton<BackendSuspicions>();
        services.AddSingleton<PoolHealthFollower>();
        services.AddHostedService(static provider => provider.GetRequiredService<PoolHealthFollower>());
        services.AddSingleton<IReadinessCheck, HealthReadinessCheck>();
        services.AddSingleton<LocalProbing>();
        services.AddHostedService(static provider => provider.GetRequiredService<LocalProbing>());
        services.AddSingleton<CircuitTrials>();
        services.AddHostedService<BackendStateLog>();
        return services;
    }

    private static void AddConfiguration(this IServiceCollection services)
    {
        services.TryAddSingleton<ConfigurationCompiler>();
        services.AddSingleton<SnapshotMetrics>();
        services.AddSingleton<SnapshotFile>();
        services.AddSingleton<FrontendConfiguration>();
        services.AddSingleton<IServedConfiguration>(static provider => provider.GetRequiredService<FrontendConfiguration>());
        // Beside a silo in one process this view wins: what reads it must never be ahead of the pools.
        services.RemoveAll<IConfigurationView>();
        services.AddSingleton<IConfigurationView>(static provider => provider.GetRequiredService<FrontendConfiguration>());
        services.AddSingleton<IReadinessCheck, ConfigurationReadinessCheck>();
        services.AddHostedService(static provider => provider.GetRequiredService<FrontendConfiguration>());
    }

    /// <summary>Links to the silos over the network, in the background.</summary>
    /// <param name="services">Services of the front-end's process.</param>
    /// <param name="createClient">Builds the host of an Orleans client; is given the services of the process.</param>
    public static IServiceCollection AddRemoteClusterLink(this IServiceCollection services, Func<IServiceProvider, IHost> createClient)
    {
        services.AddSingleton<ClusterClientFactory>(provider => () => createClient(provider));
        services.AddSingleton<RemoteClusterLink>();
        services.AddSingleton<IClusterLink>(static provider => provider.GetRequiredService<RemoteClusterLink>());
        services.AddHostedService(static provider => provider.GetRequiredService<RemoteClusterLink>());
        return services;
    }

    /// <summary>Links by what the process has: its silo, or its own Orleans client.</summary>
    /// <param name="services">Services of the process.</param>
    public static IServiceCollection AddCoHostedClusterLink(this IServiceCollection services) =>
        services.AddSingleton<IClusterLink>(static provider => new CoHostedClusterLink(provider.GetRequiredService<IGrainFactory>()));
}
