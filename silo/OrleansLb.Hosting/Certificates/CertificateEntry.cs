using System.Globalization;
using OrleansLb.Hosting.Files;

namespace OrleansLb.Hosting.Certificates;

/// <summary>One of the certificates that are configured.</summary>
public sealed class CertificateEntry
{
    // Clocks may be apart by as much.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(60);

    private readonly CertificateFiles _files;
    private readonly CertificatePurpose[] _purposes;
    private readonly TimeProvider _clock;

    /// <param name="name">What it is called in logs and metrics.</param>
    /// <param name="files">Where it is.</param>
    /// <param name="clock">Tells whether it is valid.</param>
    /// <param name="purposes">All that it is to be shown for.</param>
    public CertificateEntry(string name, CertificateFiles files, TimeProvider clock, params CertificatePurpose[] purposes)
    {
        (Name, _files, _clock, _purposes) = (name, files, clock, purposes);
        string[] paths = files.Key is null ? [files.Certificate] : [files.Certificate, files.Key];
        File = new FileValue<OwnCertificate>(paths, Read);
    }

    /// <summary>What it is called in logs and metrics.</summary>
    public string Name { get; }

    /// <summary>What its files held when they could last be read.</summary>
    public FileValue<OwnCertificate> File { get; }

    /// <summary>Which of the days before it expires was said last of the present one.</summary>
    internal int? DaysSaid { get; set; }

    /// <summary>One that has expired is no better than one that has not, though it is newer; at the start it is better than none.</summary>
    private OwnCertificate Read()
    {
        var (read, now) = (OwnCertificate.Read(_files, _purposes), _clock.GetUtcNow());
        if (File.Value is not { } present || present.NotAfter <= now)
            return read;
        if (read.NotAfter <= now)
            throw new CertificateRefusedException(string.Create(CultureInfo.InvariantCulture, $"it expired at {read.NotAfter.UtcDateTime:yyyy-MM-dd HH:mm} UTC"));
        if (read.NotBefore > now + Tolerance)
            throw new CertificateRefusedException(string.Create(CultureInfo.InvariantCulture, $"it is not valid before {read.NotBefore.UtcDateTime:yyyy-MM-dd HH:mm} UTC"));
        return read;
    }
}
