using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Hosting.Certificates;
using OrleansLb.Hosting.Files;
using OrleansLb.Hosting.Status;
using OrleansLb.Probes.Network;

namespace OrleansLb.Hosting.Tls;

/// <summary>Adds the ways in which a silo's probes meet backends that speak TLS.</summary>
public static class ProbeTlsServices
{
    /// <summary>Adds them; after those of a front-end in the same process, which has files of its own.</summary>
    /// <param name="builder">Builder of the process.</param>
    public static void AddProbeTls(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var (services, section) = (builder.Services, builder.Configuration.GetSection(ProbeTlsOptions.SectionName));
        services.AddOptions<ProbeTlsOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProbeTlsOptions>, ProbeTlsOptionsValidation>();
        services.TryAddSingleton<CertificateMetrics>();
        services.AddSingleton<ProbeProfiles>();
        services.AddSingleton<IProbeProfiles>(static provider => provider.GetRequiredService<ProbeProfiles>());
        if (!section.GetSection(nameof(ProbeTlsOptions.Backends)).GetChildren().Any())
            return;
        services.AddSingleton<IHostedService>(static provider =>
            new FileWatcher(() => provider.GetRequiredService<ProbeProfiles>().Shelf.Look(), provider.GetRequiredKeyedService<TimeProvider>(Clocks.Key)));
        services.AddSingleton<IReadinessCheck>(static provider => new CertificateReadinessCheck("probe certificates", provider.GetRequiredService<ProbeProfiles>().Shelf));
    }
}
