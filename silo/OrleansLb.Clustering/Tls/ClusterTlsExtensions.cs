using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansLb.Clustering.Membership;
using OrleansLb.Core;
using OrleansLb.Hosting.Certificates;
using OrleansLb.Hosting.CommandLine;
using OrleansLb.Hosting.Files;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Clustering.Tls;

/// <summary>Secures what processes of a cluster say to each other.</summary>
public static class ClusterTlsExtensions
{
    /// <summary>Adds what secures this process' connections, if that is configured; otherwise it is said in the log that they are not, where that is a risk.</summary>
    /// <param name="services">Services of the process.</param>
    /// <param name="options">Validated options of the process.</param>
    /// <param name="role">What the process is.</param>
    /// <param name="frontendId">Which front-end it is, which its certificate may say too; <see langword="null"/> for a silo.</param>
    /// <exception cref="StartupException">All that would keep it out of the cluster.</exception>
    public static IServiceCollection AddClusterTls(this IServiceCollection services, MembershipOptions options, ClusterRole role, string? frontendId = null)
    {
        if (options.Insecure && !options.Tls.IsOn)
            services.AddHostedService<InsecureNotice>();
        if (!options.Tls.IsOn)
            return services;
        var mistakes = ClusterTlsValidation.MistakesOf(options, role, frontendId);
        if (mistakes.Count > 0)
            throw new StartupException(mistakes);
        services.TryAddSingleton<CertificateMetrics>();
        services.AddSingleton<ClusterTlsMetrics>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ClusterCertificates>(provider, options, role));
        services.AddSingleton<ClusterHandshake>();
        services.AddSingleton<IHostedService>(static provider =>
            new FileWatcher(() => provider.GetRequiredService<ClusterCertificates>().Shelf.Look(), provider.GetRequiredKeyedService<TimeProvider>(Clocks.Key)));
        services.AddSingleton<IReadinessCheck>(static provider => new CertificateReadinessCheck("cluster certificates", provider.GetRequiredService<ClusterCertificates>().Shelf));
        return services;
    }

    /// <summary>Has an Orleans client connect as its process does.</summary>
    /// <param name="client">The client, which may live in a host of its own.</param>
    /// <param name="process">Services of the process.</param>
    public static IClientBuilder UseClusterTlsOf(this IClientBuilder client, IServiceProvider process)
    {
        if (process.GetService<ClusterHandshake>() is { } handshake)
            client.Configure<ClientConnectionOptions>(connections => connections.ConfigureConnection(builder => builder.UseMiddleware(new ClusterTlsMiddleware(handshake.Connect))));
        return client;
    }

    /// <summary>Has a silo connect, and be connected to, over TLS.</summary>
    internal static void UseClusterTls(this ISiloBuilder silo) => silo.Services.AddOptions<SiloConnectionOptions>().Configure<ClusterHandshake>(static (connections, handshake) =>
    {
        connections.ConfigureSiloOutboundConnection(builder => builder.UseMiddleware(new ClusterTlsMiddleware(handshake.Connect)));
        connections.ConfigureSiloInboundConnection(builder => builder.UseMiddleware(new ClusterTlsMiddleware(connection => handshake.Accept(connection, ClusterPort.Silo))));
        connections.ConfigureGatewayInboundConnection(builder => builder.UseMiddleware(new ClusterTlsMiddleware(connection => handshake.Accept(connection, ClusterPort.Gateway))));
    });
}
