namespace OrleansLb.Hosting.Certificates;

/// <summary>What a certificate is for.</summary>
/// <param name="Holder">Who shows it.</param>
/// <param name="Usage">The extended key usage that says so (RFC 5280, 4.2.1.12).</param>
/// <param name="UsageName">What that is called.</param>
public sealed record CertificatePurpose(string Holder, string Usage, string UsageName)
{
    /// <summary>Of whoever is connected to.</summary>
    public static readonly CertificatePurpose Server = new("server", "1.3.6.1.5.5.7.3.1", "serverAuth");
    /// <summary>Of whoever connects.</summary>
    public static readonly CertificatePurpose Client = new("client", "1.3.6.1.5.5.7.3.2", "clientAuth");
}
