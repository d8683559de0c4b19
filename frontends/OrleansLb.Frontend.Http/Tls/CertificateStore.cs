using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Core.Tls;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>
/// The certificates in use, the newest of each that could be read. One that disappears, is damaged or does not belong to its key does not end the one before; it is said in the log, in the readiness
/// detail and in a metric. Handshakes that are under way, and connections, keep what they began with. Looking up is thread-safe.
/// </summary>
internal sealed partial class CertificateStore
{
    /// <summary>What the authorities of clients' certificates are called among the certificates.</summary>
    public const string Authorities = "ClientCertificates:Authorities";

    private readonly TlsOptions _options;
    private readonly CertificateMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly List<CertificateEntry> _certificates = [];
    private readonly FileValue<X509Certificate2Collection>? _authorities;
    private volatile ServerNameTable<SslServerAuthenticationOptions> _handshakes = new([], null);

    /// <summary>Reads all of them.</summary>
    /// <param name="options">Where they are; that they can be read was checked before.</param>
    /// <param name="metrics">Counts what comes of reading them.</param>
    /// <param name="clock">Tells when they expire.</param>
    /// <param name="logger">Log.</param>
    public CertificateStore(IOptions<TlsOptions> options, CertificateMetrics metrics, [FromKeyedServices(Clocks.Key)] TimeProvider clock, ILogger<CertificateStore> logger)
    {
        (_options, _metrics, _clock, _logger) = (options.Value, metrics, clock, logger);
        foreach (var (name, files) in _options.Certificates)
            _certificates.Add(new CertificateEntry(name, files, clock));
        if (_options.ClientCertificates is { Mode: not ClientCertificateMode.None, Authorities: { } path })
            _authorities = new FileValue<X509Certificate2Collection>([path], () => ClientAuthorities.Read(path));
        Look();
        metrics.ShowExpiry(() => Known().Select(one => (one.Name, one.Certificate.NotAfter - clock.GetUtcNow())));
    }

    /// <summary>The certificate that expires first; <see langword="null"/> for none.</summary>
    public (string Name, DateTimeOffset NotAfter)? First => Known().OrderBy(static one => one.Certificate.NotAfter).Select(static one => ((string, DateTimeOffset)?)(one.Name, one.Certificate.NotAfter)).FirstOrDefault();

    /// <summary>What is wrong with the files that are there now, by the names of what they should hold.</summary>
    public IEnumerable<(string Name, string Reason)> Faults => _certificates.Select(static one => (one.Name, one.File.Fault))
        .Append((Authorities, _authorities?.Fault)).Where(static one => one.Item2 is not null).Select(static one => (one.Item1, one.Item2!));

    /// <summary>The handshake for a client.</summary>
    /// <param name="host">Host that it asks for; <see langword="null"/> for none.</param>
    /// <exception cref="CertificateRefusedException">No certificate could ever be read.</exception>
    public SslServerAuthenticationOptions Find(string? host) => _handshakes.Find(host) ?? throw new CertificateRefusedException("there is no certificate");

    /// <summary>Reads what changed, and says what is about to expire. For one caller at a time.</summary>
    public void Look()
    {
        var changed = LookAtAuthorities();
        foreach (var certificate in _certificates)
            changed |= LookAt(certificate);
        if (changed)
            _handshakes = Handshakes();
        foreach (var certificate in _certificates)
            SayExpiry(certificate);
    }

    private IEnumerable<(string Name, ServerCertificate Certificate)> Known() =>
        _certificates.Where(static one => one.File.Value is not null).Select(static one => (one.Name, one.File.Value!));

    private bool LookAtAuthorities()
    {
        if (_authorities?.Look() is not { } succeeded)
            return false;
        _metrics.Read(Authorities, succeeded);
        if (succeeded)
            LogAuthorities(_logger, _authorities.Value!.Count);
        else
            LogNotRead(_logger, Authorities, _authorities.Fault!);
        return succeeded;
    }

    private bool LookAt(CertificateEntry entry)
    {
        if (entry.File.Look() is not { } succeeded)
            return false;
        _metrics.Read(entry.Name, succeeded);
        if (!succeeded)
        {
            LogNotRead(_logger, entry.Name, entry.File.Fault!);
            return false;
        }

        entry.DaysSaid = null;
        LogRead(_logger, entry.Name, string.Join(", ", entry.File.Value!.Hosts), entry.File.Value.NotAfter.UtcDateTime);
        return true;
    }

    private void SayExpiry(CertificateEntry entry)
    {
        if (entry.File.Value is not { } certificate)
            return;
        var days = CertificateExpiry.DaysToSay(certificate.NotAfter - _clock.GetUtcNow());
        if (!CertificateExpiry.IsNews(entry.DaysSaid, days))
            return;
        entry.DaysSaid = days;
        if (days == CertificateExpiry.Expired)
            LogExpired(_logger, entry.Name, certificate.NotAfter.UtcDateTime);
        else
            LogExpires(_logger, entry.Name, days!.Value, certificate.NotAfter.UtcDateTime);
    }

    private ServerNameTable<SslServerAuthenticationOptions> Handshakes()
    {
        var all = Known().Select(one => (one.Name, one.Certificate, Handshake: Handshake.With(one.Certificate, _options, _authorities?.Value))).ToList();
        var fallback = all.Find(one => string.Equals(one.Name, _options.Default, StringComparison.OrdinalIgnoreCase)).Handshake ?? all.Select(static one => one.Handshake).FirstOrDefault();
        return new(all.SelectMany(static one => one.Certificate.Hosts.Select(host => (host, one.Handshake))), fallback);
    }
}
