using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Ends TLS where a front-end listens by https.</summary>
internal sealed class TlsTermination
{
    private readonly HashSet<int> _ports;
    private readonly HttpProtocols _protocols;
    private readonly ClientHandshakes? _clients;
    private readonly bool _hearsGreetings;
    private readonly TlsHandshakeCallbackOptions _handshakes;

    private TlsTermination(IEnumerable<int> ports, CertificateStore certificates, TlsOptions options, RejectionMetrics metrics, TimeProvider clock)
    {
        _ports = [.. ports];
        _clients = options.MaxHandshakesPerClient is { } most ? new ClientHandshakes(most, metrics, clock) : null;
        _hearsGreetings = Handshake.DependsOnGreeting(options);
        _protocols = options.Http3 ? HttpProtocols.Http1AndHttp2AndHttp3 : HttpProtocols.Http1AndHttp2;
        _handshakes = new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = Handshake.Limit,
            OnConnection = connection => ValueTask.FromResult(certificates.Find(connection.ClientHelloInfo.ServerName).For(GreetingReader.HasHeardTls13(connection.Connection.Features))),
        };
    }

    /// <summary>Adds it where an address says https.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="ports">Those where TLS is spoken.</param>
    public static void AddTo(IServiceCollection services, IEnumerable<int> ports) =>
        services.AddSingleton(provider => new TlsTermination(
            ports,
            provider.GetRequiredService<CertificateStore>(),
            provider.GetRequiredService<IOptions<TlsOptions>>().Value,
            provider.GetRequiredService<RejectionMetrics>(),
            provider.GetRequiredKeyedService<TimeProvider>(Clocks.Key)));

    /// <summary>Has a listener speak TLS if its address says so.</summary>
    public void ApplyTo(ListenOptions listener)
    {
        if (listener.IPEndPoint is not { } address || !_ports.Contains(address.Port))
            return;
        listener.Protocols = _protocols;
        _clients?.ApplyTo(listener);
        if (_hearsGreetings)
            GreetingReader.ApplyTo(listener);
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
