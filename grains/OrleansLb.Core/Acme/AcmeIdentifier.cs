namespace OrleansLb.Core.Acme;

/// <summary>What a certificate is for (RFC 8555, section 9.7.7).</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Value">Its name.</param>
public sealed record AcmeIdentifier(string Type, string Value)
{
    /// <summary>A name of the DNS.</summary>
    /// <param name="host">The name.</param>
    public static AcmeIdentifier Dns(string host) => new("dns", host);
}
