using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Hosting.Certificates;
using OrleansLb.Hosting.Files;
using OrleansLb.Hosting.Status.Access;
using OrleansLb.Hosting.Telemetry;

namespace OrleansLb.Hosting.Status;

/// <summary>Adds the server on which a process answers questions about itself.</summary>
public static class StatusServerExtensions
{
    /// <summary>Adds the server, and what it needs to know who asks.</summary>
    /// <param name="services">Services of the process.</param>
    /// <param name="configuration">Configuration of the process.</param>
    public static IServiceCollection AddStatusServer(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(StatusOptions.SectionName);
        services.AddOptions<StatusOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StatusOptions>, StatusOptionsValidator>();
        services.TryAddSingleton<CertificateMetrics>();
        services.AddSingleton<RejectionCounter>();
        services.AddSingleton<RequestRecord>();
        services.AddSingleton<StatusTokenMetrics>();
        services.AddSingleton<StatusAccess>();
        services.AddSingleton<StatusCertificate>();
        services.AddSingleton(Create);
        services.AddHostedService(static provider => provider.GetRequiredService<StatusServer>());
        if (!string.IsNullOrEmpty(section[nameof(StatusOptions.Tokens)]))
            services.AddTokenWatch();
        if (StatusUrl.Parse(section[nameof(StatusOptions.Url)] ?? "") is { IsHttps: true })
            services.AddCertificateWatch();
        return services;
    }

    private static StatusServer Create(IServiceProvider process)
    {
        var options = process.GetRequiredService<IOptions<StatusOptions>>().Value;
        var certificate = StatusUrl.Parse(options.Url) is { IsHttps: true } ? process.GetRequiredService<StatusCertificate>() : null;
        return new StatusServer(
            options,
            process.GetServices<IStatusEndpoints>(),
            process.GetRequiredService<StatusAccess>(),
            process.GetRequiredService<RequestRecord>(),
            certificate,
            process.GetRequiredService<ILoggerFactory>());
    }

    private static void AddTokenWatch(this IServiceCollection services)
    {
        services.AddSingleton<IHostedService>(static provider =>
            new FileWatcher(() => provider.GetRequiredService<StatusAccess>().Tokens!.Look(), provider.GetRequiredKeyedService<TimeProvider>(Clocks.Key)));
        services.AddSingleton<IReadinessCheck, TokenReadinessCheck>();
    }

    private static void AddCertificateWatch(this IServiceCollection services)
    {
        services.AddSingleton<IHostedService>(static provider =>
            new FileWatcher(() => provider.GetRequiredService<StatusCertificate>().Shelf.Look(), provider.GetRequiredKeyedService<TimeProvider>(Clocks.Key)));
        services.AddSingleton<IReadinessCheck>(static provider => new CertificateReadinessCheck("status certificate", provider.GetRequiredService<StatusCertificate>().Shelf));
    }
}
