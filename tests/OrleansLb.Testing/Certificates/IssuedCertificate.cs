using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OrleansLb.Testing.Certificates;

/// <summary>A certificate that a test's authority made.</summary>
/// <param name="ChainPem">It, and the one between it and the root.</param>
/// <param name="KeyPem">Its key.</param>
/// <param name="Serial">What tells it from others.</param>
public sealed record IssuedCertificate(string ChainPem, string KeyPem, string Serial)
{
    /// <summary>The certificate with its key.</summary>
    public X509Certificate2 Certificate => X509Certificate2.CreateFromPem(ChainPem, KeyPem);

    /// <summary>What somebody shows of it: the certificate and the one between it and the root.</summary>
    public SslStreamCertificateContext Context => SslStreamCertificateContext.Create(Certificate, All, offline: true);

    private X509Certificate2Collection All
    {
        get
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPem(ChainPem);
            all[0] = Certificate;
            return all;
        }
    }

    /// <summary>Everything in one PFX file.</summary>
    public byte[] ToPfx(string password) => All.Export(X509ContentType.Pkcs12, password)!;
}
