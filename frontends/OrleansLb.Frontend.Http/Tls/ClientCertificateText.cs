using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>A client's certificate as Envoy tells backends of it: <c>Hash=…;Subject="…";DNS=…</c>.</summary>
internal static class ClientCertificateText
{
    /// <summary>Writes one.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>The text, of visible ASCII; what is none of it is escaped as in a URI, so that no name can end the field or begin another one.</returns>
    public static string Of(X509Certificate2 certificate)
    {
        var text = new StringBuilder("Hash=").Append(certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant()).Append(";Subject=\"");
        Append(text, certificate.SubjectName.Name);
        text.Append('"');
        foreach (var name in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static extension => extension.EnumerateDnsNames()))
            Append(text.Append(";DNS="), name);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string value)
    {
        foreach (var octet in Encoding.UTF8.GetBytes(value))
        {
            if (octet is > 0x20 and < 0x7f and not ((byte)'"' or (byte)'\\' or (byte)';' or (byte)',' or (byte)'%') or (byte)' ')
                text.Append((char)octet);
            else
                text.Append('%').Append(octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
