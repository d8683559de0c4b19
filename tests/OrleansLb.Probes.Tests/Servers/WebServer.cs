using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansLb.Probes.Tests.Servers;

/// <summary>A web server on loopback.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private WebServer(WebApplication application) => _application = application;

    public Uri Address => new(_application.Urls.Single());

    /// <param name="protocols">What it speaks.</param>
    /// <param name="map">What it answers.</param>
    /// <param name="services">What it needs for that.</param>
    /// <param name="certificate">Its certificate; <see langword="null"/> for no TLS.</param>
    public static async Task<WebServer> Start(
        HttpProtocols protocols,
        Action<WebApplication> map,
        Action<IServiceCollection>? services = null,
        X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        services?.Invoke(builder.Services);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        var application = builder.Build();
        map(application);
        await application.StartAsync();
        return new WebServer(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
