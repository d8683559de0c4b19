using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansLb.Configuration;
using OrleansLb.Core;
using OrleansLb.Grains.Acme;
using OrleansLb.Grains.Backends;
using OrleansLb.Grains.Diagnostics;
using OrleansLb.Grains.Events;
using OrleansLb.Grains.Frontends;
using OrleansLb.Grains.Health;
using OrleansLb.Grains.RateLimits;
using OrleansLb.Grains.Routing;
using OrleansLb.Grains.Sessions;
using OrleansLb.Probes;
using OrleansLb.Probes.Agents;
using OrleansLb.Probes.Network;

namespace OrleansLb.Grains.Hosting;

/// <summary>Adds the load balancer's grains to a silo.</summary>
public static class GrainsSiloBuilderExtensions
{
    /// <summary>Name of the grain storage that the product writes to; the executable decides what stands behind it.</summary>
    public const string StorageName = "orleanslb";

    /// <summary>Adds the grains and what they need; membership and the storage named <see cref="StorageName"/> are added apart.</summary>
    /// <param name="silo">The silo.</param>
    public static ISiloBuilder AddOrleansLbGrains(this ISiloBuilder silo)
    {
        silo.Services.TryAddKeyedSingleton(Clocks.Key, TimeProvider.System);
        AddConfiguration(silo.Services);
        AddFrontends(silo.Services);
        AddRateLimits(silo.Services);
        AddSessions(silo.Services);
        AddCertificates(silo);
        silo.AddGrainService<ConfigWitnessService>();
        AddEvents(silo);
        return silo.AddHealth();
    }

    private static ISiloBuilder AddHealth(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton<ProbeMetrics>();
        silo.Services.TryAddSingleton(static services => new Prober(
            services.GetRequiredKeyedService<TimeProvider>(Clocks.Key), services.GetRequiredService<ProbeMetrics>(), services.GetServices<IProbeProfiles>()));
        silo.Services.TryAddSingleton<AgentMetrics>();
        silo.Services.TryAddSingleton(static services => new AgentClient(
            services.GetRequiredKeyedService<TimeProvider>(Clocks.Key), services.GetRequiredService<AgentMetrics>()));
        silo.Services.AddHostedService<ProberRehearsal>();
        silo.Services.AddSingleton<ProbeAgents>();
        silo.Services.AddSingleton<FrontendWitnesses>();
        silo.Services.AddSingleton<HealthMetrics>();
        silo.Services.AddSingleton<ConcurrencyMetrics>();
        silo.Services.AddSingleton<ExchangeMetrics>();
        silo.Services.AddSingleton<SlotOwners>();
        silo.Services.AddSingleton<DrainInquiry>();
        silo.Services.AddSingleton<DrainMetrics>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, PoolKeeper>();
        return silo.AddGrainService<ProbeAgentService>();
    }

    private static void AddConfiguration(IServiceCollection services)
    {
        services.TryAddSingleton<ConfigurationCompiler>();
        services.AddSingleton<ConfigMetrics>();
        services.AddSingleton<IConfigWitnesses, ConfigWitnesses>();
        services.AddSingleton<ConfigurationFollower>();
        services.AddSingleton<IConfigurationVersion>(static provider => provider.GetRequiredService<ConfigurationFollower>());
        // A front-end in the same process has a view of its own, which is never ahead of its pools.
        services.TryAddSingleton<IConfigurationView>(static provider => provider.GetRequiredService<ConfigurationFollower>());
        services.AddHostedService(static provider => provider.GetRequiredService<ConfigurationFollower>());
        services.AddHostedService<ConfigurationSubmitter>();
    }

    private static void AddFrontends(IServiceCollection services)
    {
        services.AddSingleton<FrontendDirectoryFollower>();
        services.AddHostedService(static provider => provider.GetRequiredService<FrontendDirectoryFollower>());
    }

    private static void AddEvents(ISiloBuilder silo)
    {
        var services = silo.Services;
        services.AddOptions<EventOptions>().Bind(silo.Configuration.GetSection(EventOptions.SectionName)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EventOptions>, EventOptionsValidator>());
        services.AddSingleton<EventMetrics>();
        services.AddSingleton<EventPublisher>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<EventPublisher>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloWatcher>();
    }

    private static void AddCertificates(ISiloBuilder silo)
    {
        var services = silo.Services;
        var isOrdered = silo.Configuration.GetSection(SettingsDocument.AcmeSection).GetChildren().Any();
        services.AddOptions<AcmeClientOptions>().Bind(silo.Configuration.GetSection(AcmeClientOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AcmeClientOptions>>(new AcmeClientOptionsValidator(isOrdered));
        services.AddSingleton<AcmeMetrics>();
        services.AddSingleton<AcmeVault>();
        services.AddSingleton<AcmeClient>();
    }

    private static void AddRateLimits(IServiceCollection services)
    {
        services.AddSingleton<SiloHistory>();
        services.AddSingleton<LimitRestorer>();
        services.AddSingleton<RangeNeighbours>();
    }

    private static void AddSessions(IServiceCollection services)
    {
        services.AddSingleton<SessionMetrics>();
        services.AddSingleton<SessionRestorer>();
        services.AddSingleton<SessionPusher>();
    }
}
