using System.Security.Cryptography.X509Certificates;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>The names of a certificate.</summary>
/// <param name="All">The CN of its subject, unless there is none or several, and its DNS names.</param>
internal sealed record CertificateNames(IReadOnlyList<string> All)
{
    private const string CommonName = "2.5.4.3";

    public static CertificateNames Of(X509Certificate2 certificate)
    {
        var common = certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(static part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName).Select(static part => part.GetSingleElementValue()).ToList();
        var others = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static extension => extension.EnumerateDnsNames());
        return new CertificateNames([.. common is [{ Length: > 0 } only] ? [only] : Array.Empty<string>(), .. others]);
    }
}
