using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Hosting.CommandLine;
using OrleansLb.Hosting.Lifetime;
using OrleansLb.Hosting.Settings;
using OrleansLb.Hosting.Status;
using OrleansLb.Hosting.Telemetry;

namespace OrleansLb.Hosting;

/// <summary>Makes a host behave as an OrleansLb process.</summary>
public static class ProcessBuilderExtensions
{
    /// <summary>Time beyond the drain for everything else that a stop does, such as leaving the cluster.</summary>
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(5);

    /// <summary>Adds configuration, logging, signals and draining, the status server and metrics.</summary>
    /// <param name="builder">Builder of the process' host.</param>
    /// <param name="start">What the command line asked for.</param>
    /// <exception cref="StartupException">The configuration file cannot be used.</exception>
    public static IHostApplicationBuilder AddOrleansLbProcess(this IHostApplicationBuilder builder, ProcessStart start)
    {
        builder.Configuration.AddOrleansLbConfiguration(start);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddOrleansLbConsole(builder.Configuration);
        builder.Services.AddMetrics();
        builder.Services.TryAddKeyedSingleton(Clocks.Key, TimeProvider.System);
        builder.Services.AddDraining(builder.Configuration);
        builder.Services.AddFileWatch(builder.Configuration);
        builder.Services.AddStatus(builder.Configuration);
        builder.Services.AddOrleansLbTelemetry(builder.Configuration, start.Description.Name);
        return builder;
    }

    private static void AddDraining(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LifetimeOptions>().Bind(configuration.GetSection(LifetimeOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LifetimeOptions>, LifetimeOptionsValidator>();
        services.AddSingleton<DrainState>();
        // Not through the validated options: the host reads this while it is built, before all options are validated together.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = (configuration.GetSection(LifetimeOptions.SectionName).Get<LifetimeOptions>() ?? new()).DrainTimeout + StopMargin);
        services.Replace(ServiceDescriptor.Singleton<IHostLifetime, DrainingLifetime>());
    }

    private static void AddFileWatch(this IServiceCollection services, IConfigurationBuilder configuration)
    {
        if (configuration.Sources.OfType<ConfigurationFileProvider>().FirstOrDefault() is not { } file)
            return;

        services.AddSingleton(file);
        services.AddSingleton<ConfigurationFileMetrics>();
        services.AddSingleton<ConfigurationFileWatcher>();
        services.AddSingleton<IReloadable>(static provider => provider.GetRequiredService<ConfigurationFileWatcher>());
        services.AddHostedService(static provider => provider.GetRequiredService<ConfigurationFileWatcher>());
    }

    private static void AddStatus(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<StartReadinessCheck>();
        services.AddSingleton<IReadinessCheck>(static provider => provider.GetRequiredService<StartReadinessCheck>());
        services.AddSingleton<IReadinessCheck, DrainReadinessCheck>();
        services.AddSingleton<IStatusEndpoints, HealthEndpoints>();
        services.AddStatusServer(configuration);
    }
}
