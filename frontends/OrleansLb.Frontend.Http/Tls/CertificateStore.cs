using System.Collections.Frozen;
using System.Net.Security;
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
    private readonly List<CertificateEntry> _servers = [];
    private readonly AuthoritiesEntry? _clients;
    private readonly Dictionary<string, BackendProfile> _profiles = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<CertificateEntry> _certificates;
    private readonly List<AuthoritiesEntry> _authorities;
    private volatile ServerNameTable<SslServerAuthenticationOptions> _handshakes = new([], null);
    private volatile FrozenDictionary<string, BackendHandshake> _backends = FrozenDictionary<string, BackendHandshake>.Empty;

    /// <summary>Reads all of them.</summary>
    /// <param name="options">Where they are; that they can be read was checked before.</param>
    /// <param name="metrics">Counts what comes of reading them.</param>
    /// <param name="clock">Tells when they expire.</param>
    /// <param name="logger">Log.</param>
    public CertificateStore(IOptions<TlsOptions> options, CertificateMetrics metrics, [FromKeyedServices(Clocks.Key)] TimeProvider clock, ILogger<CertificateStore> logger)
    {
        (_options, _metrics, _clock, _logger) = (options.Value, metrics, clock, logger);
        foreach (var (name, files) in _options.Certificates)
            _servers.Add(new CertificateEntry(name, files, CertificatePurpose.Server, clock));
        if (_options.ClientCertificates is { Mode: not ClientCertificateMode.None, Authorities: { } path })
            _clients = new AuthoritiesEntry(Authorities, path);
        foreach (var (name, backends) in _options.Backends)
            _profiles[name] = new BackendProfile(name, backends, clock);
        _certificates = [.. _servers, .. _profiles.Values.Select(static profile => profile.Certificate).OfType<CertificateEntry>()];
        _authorities = [.. new[] { _clients }.Concat(_profiles.Values.Select(static profile => profile.Authorities)).OfType<AuthoritiesEntry>()];
        Look();
        metrics.ShowExpiry(() => Known().Select(one => (one.Name, one.Certificate.NotAfter - clock.GetUtcNow())));
    }

    /// <summary>The certificate that expires first; <see langword="null"/> for none.</summary>
    public (string Name, DateTimeOffset NotAfter)? First => Known().OrderBy(static one => one.Certificate.NotAfter).Select(static one => ((string, DateTimeOffset)?)(one.Name, one.Certificate.NotAfter)).FirstOrDefault();

    /// <summary>What is wrong with the files that are there now, by the names of what they should hold.</summary>
    public IEnumerable<(string Name, string Reason)> Faults => _certificates.Select(static one => (one.Name, one.File.Fault))
        .Concat(_authorities.Select(static one => (one.Name, one.File.Fault))).Where(static one => one.Fault is not null).Select(static one => (one.Name, one.Fault!));

    /// <summary>The handshake for a client.</summary>
    /// <param name="host">Host that it asks for; <see langword="null"/> for none.</param>
    /// <exception cref="CertificateRefusedException">No certificate could ever be read.</exception>
    public SslServerAuthenticationOptions Find(string? host) => _handshakes.Find(host) ?? throw new CertificateRefusedException("there is no certificate");

    /// <summary>The handshake with the backends of a pool.</summary>
    /// <param name="profile">Name of the profile that the pool wants; <see langword="null"/> for none.</param>
    /// <returns><see langword="null"/> when there is no such profile.</returns>
    public BackendHandshake? Backend(string? profile) => profile is null ? BackendHandshake.Usual : _backends.GetValueOrDefault(profile);

    /// <summary>Reads what changed, and says what is about to expire. For one caller at a time.</summary>
    public void Look()
    {
        var changed = false;
        foreach (var authorities in _authorities)
            changed |= LookAt(authorities);
        foreach (var certificate in _certificates)
            changed |= LookAt(certificate);
        if (changed)
            (_handshakes, _backends) = (Handshakes(), Backends());
        foreach (var certificate in _certificates)
            SayExpiry(certificate);
    }

    private IEnumerable<(string Name, OwnCertificate Certificate)> Known() => Known(_certificates);

    private static IEnumerable<(string Name, OwnCertificate Certificate)> Known(IEnumerable<CertificateEntry> certificates) =>
        certificates.Where(static one => one.File.Value is not null).Select(static one => (one.Name, one.File.Value!));

    private bool LookAt(AuthoritiesEntry entry)
    {
        if (entry.File.Look() is not { } succeeded)
            return false;
        _metrics.Read(entry.Name, succeeded);
        if (succeeded)
            LogAuthorities(_logger, entry.Name, entry.File.Value!.Count);
        else
            LogNotRead(_logger, entry.Name, entry.File.Fault!);
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
        LogRead(_logger, entry.Name, entry.File.Value!.Holder, entry.File.Value.NotAfter.UtcDateTime);
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
        var all = Known(_servers).Select(one => (one.Name, one.Certificate, Handshake: Handshake.With(one.Certificate, _options, _clients?.File.Value))).ToList();
        var fallback = all.Find(one => string.Equals(one.Name, _options.Default, StringComparison.OrdinalIgnoreCase)).Handshake ?? all.Select(static one => one.Handshake).FirstOrDefault();
        return new(all.SelectMany(static one => one.Certificate.Hosts.Select(host => (host, one.Handshake))), fallback);
    }

    private FrozenDictionary<string, BackendHandshake> Backends() => _profiles.Select(static profile => (profile.Key, profile.Value.Present))
        .Where(static profile => profile.Present is not null).ToFrozenDictionary(static profile => profile.Key, static profile => profile.Present!, StringComparer.OrdinalIgnoreCase);
}
