using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansLb.Probes.Tests.Servers;

/// <summary>Certificates that only a test trusts.</summary>
internal static class TestCertificate
{
    private static readonly TimeSpan Around = TimeSpan.FromDays(1);

    /// <summary>One for 127.0.0.1 and localhost that signed itself.</summary>
    public static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now - Around, now + Around);
    }
}
