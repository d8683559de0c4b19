using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansLb.Hosting.Certificates;

/// <summary>What a certificate says of its staple, by which its authority says that it is not revoked (OCSP stapling; RFC 6066, section 8).</summary>
/// <param name="Responder">Where the authority is asked; <see langword="null"/> when it names no place that is asked by http.</param>
/// <param name="IsRequired">Whether clients are to refuse the certificate without it (RFC 7633).</param>
public sealed record StapleTerms(Uri? Responder, bool IsRequired)
{
    private const string Features = "1.3.6.1.5.5.7.1.24";
    private const int StatusRequest = 5;

    /// <summary>Reads what a certificate says.</summary>
    public static StapleTerms Of(X509Certificate2 certificate)
    {
        try
        {
            return new StapleTerms(ResponderOf(certificate), IsRequiredBy(certificate));
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException)
        {
            // What cannot be read says nothing, to clients as well; that is no reason not to show the certificate.
            return new StapleTerms(null, false);
        }
    }

    private static Uri? ResponderOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509AuthorityInformationAccessExtension>().SelectMany(static extension => extension.EnumerateOcspUris())
            .Select(static text => Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : null).FirstOrDefault(static address => address?.Scheme == Uri.UriSchemeHttp);

    private static bool IsRequiredBy(X509Certificate2 certificate)
    {
        if (certificate.Extensions[Features] is not { } extension)
            return false;
        var features = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
        while (features.HasData)
        {
            if (features.ReadInteger() == StatusRequest)
                return true;
        }

        return false;
    }
}
