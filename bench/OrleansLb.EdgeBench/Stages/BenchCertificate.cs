using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansLb.EdgeBench.Contestants;

namespace OrleansLb.EdgeBench.Stages;

/// <summary>A certificate of one day for loopback, by ECDSA on P-256, which is what authorities give to who asks for nothing else.</summary>
internal static class BenchCertificate
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    // Clocks of this machine may differ by a little.
    private static readonly TimeSpan Before = TimeSpan.FromHours(1);
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <summary>What a client of .NET needs to believe in it.</summary>
    public static X509ChainPolicy Believed(CertificateFiles files) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(files.Certificate) },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    /// <summary>Makes it.</summary>
    public static CertificateFiles Write(Premises premises)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now - Before, now + Life);
        var (first, second) = (certificate.ExportCertificatePem() + '\n', key.ExportPkcs8PrivateKeyPem() + '\n');
        return new CertificateFiles(premises.Write("certificate.pem", first), premises.Write("key.pem", second), premises.Write("certificate-and-key.pem", first + second));
    }
}
