using System.Globalization;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Says which certificate expires first and which cannot be used. A front-end stays ready without newer ones: clients decide what they make of those that it has.</summary>
internal sealed class CertificateReadinessCheck(CertificateStore certificates) : IReadinessCheck
{
    public string Name => "certificates";

    public Readiness Check()
    {
        var first = certificates.First is { } found ? string.Create(CultureInfo.InvariantCulture, $"{found.Name} is the first to expire, at {found.NotAfter.UtcDateTime:yyyy-MM-dd HH:mm} UTC") : "there is none";
        var faults = certificates.Faults.Select(static fault => $"; the present {fault.Name} cannot be used: {fault.Reason}");
        return Readiness.Ready(string.Concat(faults.Prepend(first)));
    }
}
