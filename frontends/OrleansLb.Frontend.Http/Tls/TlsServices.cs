using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Frontend.Http.Forwarding;
using OrleansLb.Frontend.Http.Hosting;
using OrleansLb.Frontend.Http.Stapling;
using OrleansLb.Hosting.Certificates;
using OrleansLb.Hosting.Files;
using OrleansLb.Hosting.Status;
using OrleansLb.Probes.Network;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Adds TLS, towards clients where an address says https, and towards backends.</summary>
internal static class TlsServices
{
    /// <summary>Adds both; before YARP.</summary>
    /// <param name="builder">Builder of the application.</param>
    /// <param name="urls">Where the front-end listens.</param>
    public static void AddTls(this WebApplicationBuilder builder, IEnumerable<string> urls)
    {
        int[] ports = [.. urls.Select(BindingAddress.Parse).Where(static address => string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase)).Select(static address => address.Port)];
        var (services, section) = (builder.Services, builder.Configuration.GetSection(TlsOptions.SectionName));
        var options = services.AddOptions<TlsOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<TlsOptions>>(new TlsOptionsValidation(endsTls: ports.Length > 0, QuicLibrary.IsThere, OperatingSystem.IsLinux()));
        services.TryAddSingleton<CertificateMetrics>();
        services.AddSingleton<StapleMetrics>();
        services.AddSingleton<Staples>();
        services.AddSingleton<CertificateStore>();
        services.AddBackends();
        if (ports.Length > 0)
        {
            TlsTermination.AddTo(services, ports);
            services.AddSingleton<IReadinessCheck, StapleReadinessCheck>();
        }
        else
        {
            RefuseWhatNeedsTls(options);
        }

        if (ports.Length > 0 || section.GetSection(nameof(TlsOptions.Backends)).GetChildren().Any())
        {
            services.AddSingleton<IHostedService>(static provider =>
                new FileWatcher(provider.GetRequiredService<CertificateStore>().Look, provider.GetRequiredKeyedService<TimeProvider>(Clocks.Key)));
            services.AddSingleton<IReadinessCheck>(static provider => new CertificateReadinessCheck("certificates", provider.GetRequiredService<CertificateStore>().Shelf));
        }
    }

    private static void RefuseWhatNeedsTls(OptionsBuilder<TlsOptions> options)
    {
        const string why = $"and no address of {HttpFrontendOptions.SectionName}:Urls says https";
        options.Validate(static tls => tls.Certificates.Count == 0, $"{TlsOptions.SectionName}:Certificates: there are certificates, {why}");
        options.Validate(static tls => !tls.Acme, $"{TlsOptions.SectionName}:{nameof(TlsOptions.Acme)}: certificates of the cluster are to be shown, {why}");
        options.Validate(static tls => !tls.OcspStapling, $"{TlsOptions.SectionName}:{nameof(TlsOptions.OcspStapling)}: staples are to be shown, {why}");
        options.Validate(static tls => tls.MaxHandshakesPerClient is null, $"{TlsOptions.SectionName}:{nameof(TlsOptions.MaxHandshakesPerClient)}: handshakes are to be counted, {why}");
        options.Validate(static tls => !tls.Http3, $"{TlsOptions.SectionName}:{nameof(TlsOptions.Http3)}: HTTP/3 is to be spoken, {why}");
        options.Validate(static tls => tls.HstsMaxAge is null, $"{TlsOptions.SectionName}:{nameof(TlsOptions.HstsMaxAge)}: browsers are to come by https, {why}");
    }

    private static void AddBackends(this IServiceCollection services)
    {
        services.TryAddSingleton<ForwardingTimes>();
        services.AddSingleton<BackendTlsMetrics>();
        services.AddSingleton<BackendVerification>();
        // Whoever has clients of his own has them before or after this.
        services.TryAddSingleton<IForwarderHttpClientFactory, BackendClientFactory>();
        services.AddSingleton<IReadinessCheck, BackendProfilesReadinessCheck>();
        services.AddSingleton<IProbeProfiles, BackendProbeProfiles>();
    }
}
