using OrleansLb.Clustering.Membership;

namespace OrleansLb.Clustering.Tls;

/// <summary>
/// How the processes of a cluster know each other: each shows a certificate of the cluster's own authorities, whose name says whether it is a silo's or a front-end's, on every connection
/// between them. A front-end's opens no way in among the silos.
/// </summary>
public sealed class ClusterTlsOptions
{
    /// <summary>Where it is configured.</summary>
    public const string SectionName = MembershipOptions.SectionName + ":Tls";

    /// <summary>
    /// Handshakes from one address that may be under way or have come to nothing at a silo, at once and again over each 10 s. More than there are processes on any machine, and a hundredth of what
    /// a processor can do.
    /// </summary>
    public const int MostUnproven = 100;

    /// <summary>PEM file with this process' certificate and after it those of the authorities between it and the root, or a PFX file with all of it and the key.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file with the private key.</summary>
    /// <value>Default: it is in the file of the certificate.</value>
    public string? Key { get; set; }

    /// <summary>Password of the key or of the PFX file.</summary>
    public string? Password { get; set; }

    /// <summary>PEM file of the authorities that make certificates for this cluster; no others are believed. Several while one takes the other's place.</summary>
    public string? Authorities { get; set; }

    /// <summary>The DNS name in certificates of silos.</summary>
    /// <value>Default <c>silo.</c> and the id of the cluster.</value>
    public string? SiloName { get; set; }

    /// <summary>The DNS name in certificates of front-ends.</summary>
    /// <value>Default <c>frontend.</c> and the id of the cluster. With a front-end's id and a dot before it, the certificate is that front-end's alone.</value>
    public string? FrontendName { get; set; }

    /// <summary>Whether a front-end comes in only by a certificate that has its id.</summary>
    /// <value>Default <see langword="false"/>: by one without an id it may be any.</value>
    public bool RequireFrontendNames { get; set; }

    /// <summary>Whether anything of it is configured; then all that is needed must be.</summary>
    public bool IsOn => RequireFrontendNames || (Certificate ?? Key ?? Password ?? Authorities) is not null;

    /// <summary>The name that certificates of a role have.</summary>
    /// <param name="role">The role.</param>
    /// <param name="clusterId">Id of the cluster.</param>
    internal string NameOf(ClusterRole role, string clusterId) => role == ClusterRole.Silo ? SiloName ?? $"silo.{clusterId}" : FrontendName ?? $"frontend.{clusterId}";

    /// <summary>What stands before the name of front-ends in the names of a certificate: the ids of those that it is for, unless it is for any.</summary>
    /// <param name="names">The DNS names of the certificate.</param>
    /// <param name="clusterId">Id of the cluster.</param>
    internal IReadOnlyList<string> FrontendsIn(IEnumerable<string> names, string clusterId)
    {
        var all = $".{NameOf(ClusterRole.Frontend, clusterId)}";
        return [.. names.Where(name => name.EndsWith(all, StringComparison.OrdinalIgnoreCase)).Select(name => name[..^all.Length])];
    }
}
