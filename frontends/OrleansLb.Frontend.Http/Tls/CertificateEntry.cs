using System.Globalization;
using OrleansLb.Frontend.Http.Files;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>One of the certificates that are configured.</summary>
internal sealed class CertificateEntry
{
    // Clocks may be apart by as much.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(60);

    private readonly CertificateFiles _files;
    private readonly CertificatePurpose _purpose;
    private readonly TimeProvider _clock;

    public CertificateEntry(string name, CertificateFiles files, CertificatePurpose purpose, TimeProvider clock)
    {
        (Name, _files, _purpose, _clock) = (name, files, purpose, clock);
        string[] paths = files.Key is null ? [files.Certificate] : [files.Certificate, files.Key];
        File = new FileValue<OwnCertificate>(paths, Read);
    }

    public string Name { get; }

    public FileValue<OwnCertificate> File { get; }

    /// <summary>Which of the days before it expires was said last of the present one.</summary>
    public int? DaysSaid { get; set; }

    /// <summary>One that has expired is no better than one that has not, though it is newer; at the start it is better than none.</summary>
    private OwnCertificate Read()
    {
        var (read, now) = (OwnCertificate.Read(_files, _purpose), _clock.GetUtcNow());
        if (File.Value is not { } present || present.NotAfter <= now)
            return read;
        if (read.NotAfter <= now)
            throw new CertificateRefusedException(string.Create(CultureInfo.InvariantCulture, $"it expired at {read.NotAfter.UtcDateTime:yyyy-MM-dd HH:mm} UTC"));
        if (read.NotBefore > now + Tolerance)
            throw new CertificateRefusedException(string.Create(CultureInfo.InvariantCulture, $"it is not valid before {read.NotBefore.UtcDateTime:yyyy-MM-dd HH:mm} UTC"));
        return read;
    }
}
