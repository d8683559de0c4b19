using OrleansLb.Configuration.Acme;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys of the certificates that the cluster orders by itself.</summary>
internal static class AcmeShapes
{
    private const int LongestHost = 253;
    private const int LongestName = 64;
    private const int LongestContact = 320;
    private const string MailTo = "mailto:";

    public static ObjectShape Acme { get; } = new(
        strict: true,
        (AcmeReader.Directory, Directory),
        (AcmeReader.TermsAgreed, Values.Boolean),
        (AcmeReader.Contacts, new ListShape(Contact)),
        (AcmeReader.Certificates, new MapShape(new NamedShape(CertificateName, new ObjectShape(strict: true, (AcmeReader.Hosts, new ListShape(Host)))))));

    private static ValueShape Directory => new(
        static value => Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps ? null : $"{Quote.Value(value)} is not the address of an authority's directory, as https://ca.example/directory",
        required: true);

    private static ValueShape Contact => new(
        static value => value.StartsWith(MailTo, StringComparison.Ordinal) && value.Length is > 10 and <= LongestContact && value.Contains('@', StringComparison.Ordinal) && value.All(static c => c is > ' ' and <= '~' and not '?' and not ',')
            ? null : $"{Quote.Value(value)} is not an address such as mailto:admin@example.com",
        required: true);

    private static ValueShape Host => new(HostFault, required: true);

    private static string? CertificateName(string name) =>
        name.Length <= LongestName && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') ? null : $"is not called by 1 to {LongestName} letters, digits, dots, dashes or underscores";

    private static string? HostFault(string host)
    {
        if (host.StartsWith("*.", StringComparison.Ordinal))
            return $"{Quote.Value(host)} is a wildcard, which no authority gives for an answer over HTTP; let certbot or lego order it by DNS and name its files below OrleansLb:Frontend:Tls:Certificates";
        if (Uri.CheckHostName(host) is UriHostNameType.IPv4 or UriHostNameType.IPv6)
            return $"{Quote.Value(host)} is an address; certificates are ordered for names";
        return host.Length is > 0 and <= LongestHost && host.Split('.').All(IsLabel) ? null : $"{Quote.Value(host)} is not a name in the letters of the DNS, such as www.example.com or xn--bcher-kva.example";
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
