using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansLb.Hosting.Certificates;

/// <summary>Authorities in a file, whose certificates are in order.</summary>
public static class TrustedAuthorities
{
    /// <summary>Reads authorities.</summary>
    /// <param name="path">A PEM file.</param>
    /// <exception cref="CertificateRefusedException">It cannot be read, or has none.</exception>
    public static X509Certificate2Collection Read(string path)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPemFile(path);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or CertificateRefusedException))
        {
            // Whatever damaged or strange files make of their readers, it is the files' fault and not the process'.
            throw new CertificateRefusedException(exception.Message, exception);
        }

        return found.Count > 0 ? found : throw new CertificateRefusedException($"there is no certificate in {path}");
    }

    /// <summary>Which certificates are in order: those of these authorities alone, whomever the machine trusts, by what the other side shows and nothing that a network says.</summary>
    /// <param name="authorities">The authorities.</param>
    /// <param name="purpose">What the certificates are for.</param>
    public static X509ChainPolicy Policy(X509Certificate2Collection authorities, CertificatePurpose purpose)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid(purpose.Usage));
        return policy;
    }

    /// <summary>Whether its names can be read, and none of them ends for one reader before it ends for another: a NUL does that.</summary>
    public static bool IsPlain(X509Certificate2 certificate)
    {
        try
        {
            return !certificate.Subject.Contains('\0', StringComparison.Ordinal)
                && !certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static extension => extension.EnumerateDnsNames()).Any(static name => name.Contains('\0', StringComparison.Ordinal));
        }
        catch (CryptographicException)
        {
            // An authority may sign what is no name of the DNS.
            return false;
        }
    }
}
