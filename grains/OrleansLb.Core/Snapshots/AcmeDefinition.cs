using System.Collections.Immutable;

namespace OrleansLb.Core.Snapshots;

/// <summary>What certificates the cluster orders by itself (RFC 8555).</summary>
/// <param name="Directory">The authority.</param>
/// <param name="Contacts">Whom it may write to, as <c>mailto:</c> addresses.</param>
/// <param name="Certificates">The certificates, in the order of the alphabet.</param>
public sealed record AcmeDefinition(Uri Directory, ImmutableArray<string> Contacts, ImmutableArray<AcmeCertificateDefinition> Certificates)
{
    /// <summary>The authority unless another is configured.</summary>
    public static Uri DefaultDirectory { get; } = new("https://acme-v02.api.letsencrypt.org/directory");
}
