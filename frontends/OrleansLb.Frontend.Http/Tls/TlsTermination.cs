using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansLb.Frontend.Http.Hosting;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Ends TLS where a front-end listens by https.</summary>
internal sealed class TlsTermination
{
    private readonly HashSet<int> _ports;
    private readonly TlsHandshakeCallbackOptions _handshakes;

    private TlsTermination(IEnumerable<int> ports, CertificateStore certificates)
    {
        _ports = [.. ports];
        _handshakes = new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = Handshake.Limit,
            OnConnection = connection => ValueTask.FromResult(certificates.Find(connection.ClientHelloInfo.ServerName)),
        };
    }

    /// <summary>Adds it where an address says https.</summary>
    /// <param name="builder">Builder of the application.</param>
    /// <param name="urls">Where the front-end listens.</param>
    public static void AddTo(WebApplicationBuilder builder, IEnumerable<string> urls)
    {
        int[] ports = [.. urls.Select(BindingAddress.Parse).Where(static address => string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase)).Select(static address => address.Port)];
        var section = builder.Configuration.GetSection(TlsOptions.SectionName);
        var options = builder.Services.AddOptions<TlsOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        if (ports.Length == 0)
        {
            options.Validate(static tls => tls.Certificates.Count == 0, $"{TlsOptions.SectionName}:Certificates: there are certificates, and no address of {HttpFrontendOptions.SectionName}:Urls says https");
            return;
        }

        builder.Services.AddSingleton<IValidateOptions<TlsOptions>, TlsOptionsValidation>();
        builder.Services.AddSingleton<CertificateMetrics>();
        builder.Services.AddSingleton<CertificateStore>();
        builder.Services.AddHostedService<CertificateWatcher>();
        builder.Services.AddSingleton<IReadinessCheck, CertificateReadinessCheck>();
        builder.Services.AddSingleton(services => new TlsTermination(ports, services.GetRequiredService<CertificateStore>()));
    }

    /// <summary>Has a listener speak TLS if its address says so.</summary>
    public void ApplyTo(ListenOptions listener)
    {
        if (listener.IPEndPoint is { } address && _ports.Contains(address.Port))
            listener.UseHttps(_handshakes);
    }

    /// <summary>Adds what browsers are told of https, if anything.</summary>
    public static void UseStrictTransport(WebApplication application)
    {
        if (application.Services.GetService<TlsTermination>() is null)
            return;
        var options = application.Services.GetRequiredService<IOptions<TlsOptions>>().Value;
        if (options.HstsMaxAge is { } age)
            application.UseMiddleware<StrictTransportMiddleware>(StrictTransportMiddleware.Text(age, options.HstsIncludeSubDomains));
    }
}
