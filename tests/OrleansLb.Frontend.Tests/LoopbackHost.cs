using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Tests;

/// <summary>Small hosts on free ports of loopback.</summary>
internal static class LoopbackHost
{
    internal static WebApplicationBuilder Create(params HttpProtocols[] listeners) => Create(static () => { }, listeners);

    /// <param name="connected">Called for each connection.</param>
    /// <param name="listeners">One listener for each.</param>
    internal static WebApplicationBuilder Create(Action connected, params HttpProtocols[] listeners) => Create(connected, tls: null, listeners);

    /// <param name="connected">Called for each connection.</param>
    /// <param name="tls">What is done at each handshake; <see langword="null"/> for no TLS.</param>
    /// <param name="listeners">One listener for each.</param>
    internal static WebApplicationBuilder Create(Action connected, TlsHandshakeCallbackOptions? tls, params HttpProtocols[] listeners)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Listen(connected, tls, listeners);
        return builder;
    }

    /// <summary>Adds listeners to a host; what it does for all of its own it does for them too, if that was said before.</summary>
    internal static void Listen(this WebApplicationBuilder builder, Action connected, TlsHandshakeCallbackOptions? tls, params HttpProtocols[] listeners) => builder.WebHost.ConfigureKestrel(kestrel =>
    {
        foreach (var protocols in listeners)
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                listen.Use(next => connection =>
                {
                    connected();
                    return next(connection);
                });
                if (tls is not null)
                    listen.UseHttps(tls);
            });
        }
    });
}
