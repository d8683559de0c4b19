using Microsoft.Extensions.Logging;
using OrleansLb.Core.Tls;

namespace OrleansLb.Hosting.Certificates;

/// <summary>
/// The certificates and authorities in use, the newest of each that could be read. One that disappears, is damaged or does not belong to its key does not end the one before; it is said in the log,
/// in the readiness detail and in a metric.
/// </summary>
public sealed partial class CertificateShelf
{
    private readonly IReadOnlyList<CertificateEntry> _certificates;
    private readonly IReadOnlyList<AuthoritiesEntry> _authorities;
    private readonly CertificateMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    /// <summary>Reads nothing yet.</summary>
    /// <param name="certificates">The certificates.</param>
    /// <param name="authorities">Authorities of others' certificates.</param>
    /// <param name="metrics">Counts what comes of reading them.</param>
    /// <param name="clock">Tells when they expire.</param>
    /// <param name="logger">Is told what comes of reading them, and when they expire.</param>
    public CertificateShelf(IReadOnlyList<CertificateEntry> certificates, IReadOnlyList<AuthoritiesEntry> authorities, CertificateMetrics metrics, TimeProvider clock, ILogger logger)
    {
        (_certificates, _authorities, _metrics, _clock, _logger) = (certificates, authorities, metrics, clock, logger);
        metrics.ShowExpiry(() => Known().Select(one => (one.Name, one.Certificate.NotAfter - clock.GetUtcNow())));
    }

    /// <summary>Certificates that are in use beside those of files; others see to them.</summary>
    public IReadOnlyList<(string Name, OwnCertificate Certificate)> WithoutFiles { get; set; } = [];

    /// <summary>The certificate that expires first; <see langword="null"/> for none.</summary>
    public (string Name, DateTimeOffset NotAfter)? First => Known().OrderBy(static one => one.Certificate.NotAfter).Select(static one => ((string, DateTimeOffset)?)(one.Name, one.Certificate.NotAfter)).FirstOrDefault();

    /// <summary>What is wrong with the files that are there now, by the names of what they should hold.</summary>
    public IEnumerable<(string Name, string Reason)> Faults => _certificates.Select(static one => (one.Name, one.File.Fault))
        .Concat(_authorities.Select(static one => (one.Name, one.File.Fault))).Where(static one => one.Fault is not null).Select(static one => (one.Name, one.Fault!));

    /// <summary>Reads what changed, and says what is about to expire. For one caller at a time.</summary>
    /// <returns>Whether anything new is in use.</returns>
    public bool Look()
    {
        var changed = false;
        foreach (var authorities in _authorities)
            changed |= LookAt(authorities);
        foreach (var certificate in _certificates)
            changed |= LookAt(certificate);
        foreach (var certificate in _certificates)
            SayExpiry(certificate);
        return changed;
    }

    private IEnumerable<(string Name, OwnCertificate Certificate)> Known() =>
        _certificates.Where(static one => one.File.Value is not null).Select(static one => (one.Name, one.File.Value!)).Concat(WithoutFiles);

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
}
