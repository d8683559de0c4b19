namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys of TLS to a cluster's destinations.</summary>
internal static class TlsShapes
{
    private const int LongestProfile = 64;

    public static ObjectShape Tls => new(
        strict: true,
        (nameof(BackendTls.Profile), new ValueShape(ProfileFault, required: true)),
        (nameof(BackendTls.ServerName), Values.Host));

    private static string? ProfileFault(string value) =>
        value.Length is > 0 and <= LongestProfile && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
            ? null : $"{Quote.Value(value)} is not 1 to {LongestProfile} letters, digits, dots, dashes or underscores";
}
