using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Core.Tls;
using OrleansLb.Frontend.Http.Acme;
using OrleansLb.Frontend.Http.Stapling;
using OrleansLb.Hosting.Certificates;
using OrleansLb.Hosting.Tls;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>The handshakes by the certificates in use. Those that are under way, and connections, keep what they began with. Looking up is thread-safe.</summary>
internal sealed class CertificateStore
{
    /// <summary>What the authorities of clients' certificates are called among the certificates.</summary>
    public const string Authorities = "ClientCertificates:Authorities";

    private readonly Lock _gate = new();
    private readonly TlsOptions _options;
    private readonly ClusterCertificates _cluster;
    private readonly Staples _staples;
    private readonly List<CertificateEntry> _servers = [];
    private readonly AuthoritiesEntry? _clients;
    private readonly Dictionary<string, BackendProfile> _profiles = new(StringComparer.OrdinalIgnoreCase);
    private volatile ServerNameTable<ServerHandshake> _handshakes = new([], null);
    private volatile FrozenDictionary<string, BackendHandshake> _backends = FrozenDictionary<string, BackendHandshake>.Empty;

    /// <summary>Reads all of them.</summary>
    /// <param name="options">Where they are; that they can be read was checked before.</param>
    /// <param name="cluster">Those that the cluster ordered.</param>
    /// <param name="staples">What is stapled to them.</param>
    /// <param name="metrics">Counts what comes of reading them.</param>
    /// <param name="clock">Tells when they expire.</param>
    /// <param name="logger">Log.</param>
    public CertificateStore(IOptions<TlsOptions> options, ClusterCertificates cluster, Staples staples, CertificateMetrics metrics, [FromKeyedServices(Clocks.Key)] TimeProvider clock, ILogger<CertificateStore> logger)
    {
        (_options, _cluster, _staples) = (options.Value, cluster, staples);
        foreach (var (name, files) in _options.Certificates)
            _servers.Add(new CertificateEntry(name, files, clock, CertificatePurpose.Server));
        if (_options.ClientCertificates is { Mode: not ClientCertificateMode.None, Authorities: { } path })
            _clients = new AuthoritiesEntry(Authorities, path);
        foreach (var (name, backends) in _options.Backends)
            _profiles[name] = new BackendProfile($"{nameof(TlsOptions.Backends)}:{name}", backends, clock);
        CertificateEntry[] certificates = [.. _servers, .. _profiles.Values.Select(static profile => profile.Certificate).OfType<CertificateEntry>()];
        AuthoritiesEntry[] authorities = [.. new[] { _clients }.Concat(_profiles.Values.Select(static profile => profile.Authorities)).OfType<AuthoritiesEntry>()];
        Shelf = new CertificateShelf(certificates, authorities, metrics, clock, logger);
        cluster.Changed += TakeClusters;
        Shelf.WithoutFiles = cluster.All;
        Look();
        _handshakes = Handshakes();
    }

    /// <summary>The files.</summary>
    public CertificateShelf Shelf { get; }

    /// <summary>The handshake for a client.</summary>
    /// <param name="host">Host that it asks for; <see langword="null"/> for none.</param>
    /// <exception cref="CertificateRefusedException">No certificate could ever be read.</exception>
    public ServerHandshake Find(string? host) => _handshakes.Find(host) ?? throw new CertificateRefusedException("there is no certificate");

    /// <summary>The handshake with the backends of a pool.</summary>
    /// <param name="profile">Name of the profile that the pool wants; <see langword="null"/> for none.</param>
    /// <returns><see langword="null"/> when there is no such profile.</returns>
    public BackendHandshake? Backend(string? profile) => profile is null ? BackendHandshake.Usual : _backends.GetValueOrDefault(profile);

    /// <summary>Reads what changed, looks after staples, and says what is about to expire. For one caller at a time.</summary>
    public void Look()
    {
        lock (_gate)
        {
            if (Shelf.Look())
                (_handshakes, _backends) = (Handshakes(), Backends());
            else if (_staples.Look())
                _handshakes = Handshakes();
        }
    }

    private void TakeClusters()
    {
        lock (_gate)
        {
            Shelf.WithoutFiles = _cluster.All;
            _handshakes = Handshakes();
        }
    }

    private ServerNameTable<ServerHandshake> Handshakes()
    {
        // Files are what an operator put beside this very front-end: they come first, and so count where a host has both.
        var certificates = _servers.Where(static one => one.File.Value is not null).Select(static one => (one.Name, Certificate: one.File.Value!)).Concat(_cluster.All);
        var all = _staples.Take(certificates).Select(one => (one.Name, one.Certificate, Handshake: Handshake.With(one.Context, _options, _clients?.File.Value))).ToList();
        var fallback = all.Find(one => string.Equals(one.Name, _options.Default, StringComparison.OrdinalIgnoreCase)).Handshake ?? all.Select(static one => one.Handshake).FirstOrDefault();
        return new(all.SelectMany(static one => one.Certificate.Hosts.Select(host => (host, one.Handshake))), fallback);
    }

    private FrozenDictionary<string, BackendHandshake> Backends() => _profiles.Select(static profile => (profile.Key, profile.Value.Present))
        .Where(static profile => profile.Present is not null).ToFrozenDictionary(static profile => profile.Key, static profile => profile.Present!, StringComparer.OrdinalIgnoreCase);
}
