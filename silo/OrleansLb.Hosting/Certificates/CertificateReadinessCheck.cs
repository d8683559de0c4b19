using System.Globalization;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Hosting.Certificates;

/// <summary>Says which certificate expires first and which cannot be used. A process stays ready without newer ones: others decide what they make of those that it has.</summary>
/// <param name="name">What they are for.</param>
/// <param name="certificates">The certificates.</param>
public sealed class CertificateReadinessCheck(string name, CertificateShelf certificates) : IReadinessCheck
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public Readiness Check()
    {
        var first = certificates.First is { } found ? string.Create(CultureInfo.InvariantCulture, $"{found.Name} is the first to expire, at {found.NotAfter.UtcDateTime:yyyy-MM-dd HH:mm} UTC") : "there is none";
        var faults = certificates.Faults.Select(static fault => $"; the present {fault.Name} cannot be used: {fault.Reason}");
        return Readiness.Ready(string.Concat(faults.Prepend(first)));
    }
}
