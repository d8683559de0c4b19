using System.Collections.Concurrent;
using System.Net.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Hosting.Certificates;
using OrleansLb.Probes.Network;

namespace OrleansLb.Hosting.Tls;

/// <summary>The ways in which this process' own probes meet backends, by the files as they are now.</summary>
internal sealed partial class ProbeProfiles : IProbeProfiles
{
    // Pools come and go, and nobody reads a longer list.
    private const int MostMissed = 100;

    private readonly Dictionary<string, BackendProfile> _profiles = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> _missed = new(StringComparer.OrdinalIgnoreCase);
    private readonly ILogger _logger;

    /// <summary>Reads all of them.</summary>
    /// <param name="options">Where they are; that they can be read was checked before.</param>
    /// <param name="metrics">Counts what comes of reading them.</param>
    /// <param name="clock">Tells when they expire.</param>
    /// <param name="logger">Log.</param>
    public ProbeProfiles(IOptions<ProbeTlsOptions> options, CertificateMetrics metrics, [FromKeyedServices(Clocks.Key)] TimeProvider clock, ILogger<ProbeProfiles> logger)
    {
        _logger = logger;
        foreach (var (name, backends) in options.Value.Backends)
            _profiles[name] = new BackendProfile($"Probes:{name}", backends, clock);
        Shelf = new CertificateShelf(
            [.. _profiles.Values.Select(static profile => profile.Certificate).OfType<CertificateEntry>()],
            [.. _profiles.Values.Select(static profile => profile.Authorities).OfType<AuthoritiesEntry>()],
            metrics,
            clock,
            logger);
        Shelf.Look();
    }

    /// <summary>The files.</summary>
    public CertificateShelf Shelf { get; }

    /// <inheritdoc/>
    public SslClientAuthenticationOptions? Find(string profile, string host, List<SslApplicationProtocol>? protocols)
    {
        if (_profiles.TryGetValue(profile, out var known))
            return known.Present?.With(host, protocols, verify: null);
        if (_missed.Count < MostMissed && _missed.TryAdd(profile, true))
            LogMissed(_logger, profile, ProbeTlsOptions.SectionName);
        return null;
    }
}
