using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Hosting.Certificates;

namespace OrleansLb.Hosting.Status;

/// <summary>The certificate that the status server shows, as its files are now.</summary>
internal sealed class StatusCertificate
{
    private readonly CertificateEntry _entry;

    public StatusCertificate(IOptions<StatusOptions> options, CertificateMetrics metrics, [FromKeyedServices(Clocks.Key)] TimeProvider clock, ILogger<StatusCertificate> logger)
    {
        _entry = new CertificateEntry("Status", FilesOf(options.Value.Tls), clock, CertificatePurpose.Server);
        Shelf = new CertificateShelf([_entry], [], metrics, clock, logger);
        Shelf.Look();
    }

    /// <summary>The files.</summary>
    public CertificateShelf Shelf { get; }

    /// <summary>Where it is.</summary>
    public static CertificateFiles FilesOf(StatusTlsOptions tls) => new() { Certificate = tls.Certificate ?? "", Key = tls.Key, Password = tls.Password };

    /// <summary>Has handshakes show it, with all that belongs to it.</summary>
    public void ApplyTo(HttpsConnectionAdapterOptions https)
    {
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        https.ServerCertificateSelector = (_, _) => Own.Context.TargetCertificate;
        https.OnAuthenticate = (_, handshake) =>
        {
            handshake.ServerCertificateSelectionCallback = null;
            handshake.ServerCertificateContext = Own.Context;
        };
    }

    private OwnCertificate Own => _entry.File.Value!;
}
