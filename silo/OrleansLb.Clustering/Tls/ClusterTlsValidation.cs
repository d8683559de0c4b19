using System.Security.Cryptography.X509Certificates;
using OrleansLb.Clustering.Membership;
using OrleansLb.Hosting.Certificates;

namespace OrleansLb.Clustering.Tls;

/// <summary>Finds at the start what would keep a process out of its cluster, rather than let every connection fail.</summary>
internal static class ClusterTlsValidation
{
    private const string Section = ClusterTlsOptions.SectionName;

    /// <summary>All that is wrong, each naming its key.</summary>
    /// <param name="options">What is configured.</param>
    /// <param name="role">What the process is.</param>
    /// <param name="frontendId">Which front-end it is; <see langword="null"/> if that is not known.</param>
    public static IReadOnlyList<string> MistakesOf(MembershipOptions options, ClusterRole role, string? frontendId)
    {
        var tls = options.Tls;
        List<string> mistakes = [.. Contradictions(options)];
        if (mistakes.Count > 0)
            return mistakes;
        var files = new CertificateFiles { Certificate = tls.Certificate!, Key = tls.Key, Password = tls.Password };
        var certificate = Read(nameof(tls.Certificate), () => OwnCertificate.Read(files, PurposesOf(role)), mistakes);
        var authorities = Read(nameof(tls.Authorities), () => TrustedAuthorities.Read(tls.Authorities!), mistakes);
        if (certificate is not null)
            mistakes.AddRange([.. NameFaults(certificate, options, role, frontendId), .. ChainFaults(certificate, authorities, role)]);
        return mistakes;
    }

    /// <summary>What a role shows its certificate for.</summary>
    public static CertificatePurpose[] PurposesOf(ClusterRole role) => role == ClusterRole.Silo ? [CertificatePurpose.Server, CertificatePurpose.Client] : [CertificatePurpose.Client];

    private static IEnumerable<string> Contradictions(MembershipOptions options)
    {
        var tls = options.Tls;
        if (options.Insecure)
            yield return $"{MembershipOptions.SectionName}:{nameof(options.Insecure)} allows what {Section} forbids; give one of both";
        if (string.IsNullOrEmpty(tls.Certificate))
            yield return $"{Section}:{nameof(tls.Certificate)} is missing: every process of the cluster has one";
        if (string.IsNullOrEmpty(tls.Authorities))
            yield return $"{Section}:{nameof(tls.Authorities)} is missing: the PEM file of the authorities that make the cluster's certificates";
        foreach (var role in Enum.GetValues<ClusterRole>())
        {
            if (tls.NameOf(role, options.ClusterId) is var name && Uri.CheckHostName(name) != UriHostNameType.Dns)
                yield return $"{Section}:{role}Name '{name}' is not a DNS name; give one, since certificates have no others";
        }

        if (string.Equals(tls.NameOf(ClusterRole.Silo, options.ClusterId), tls.NameOf(ClusterRole.Frontend, options.ClusterId), StringComparison.OrdinalIgnoreCase))
            yield return $"{Section}:{nameof(tls.FrontendName)} must differ from {nameof(tls.SiloName)}, or front-ends could pass as silos";
        foreach (var id in tls.FrontendsIn([tls.NameOf(ClusterRole.Silo, options.ClusterId)], options.ClusterId))
            yield return $"{Section}:{nameof(tls.SiloName)} must not end in {nameof(tls.FrontendName)}, or the front-end '{id}' could pass as a silo";
    }

    private static IEnumerable<string> NameFaults(OwnCertificate certificate, MembershipOptions options, ClusterRole role, string? frontendId)
    {
        var name = options.Tls.NameOf(role, options.ClusterId);
        var isOfRole = certificate.Hosts.Contains(name, StringComparer.OrdinalIgnoreCase);
        var ids = role == ClusterRole.Frontend ? options.Tls.FrontendsIn(certificate.Hosts, options.ClusterId) : [];
        if (!isOfRole && ids.Count == 0)
            yield return $"{Section}:{nameof(ClusterTlsOptions.Certificate)} is for {certificate.Holder}, and every {(role == ClusterRole.Silo ? "silo" : "front-end")} of this cluster must be {name}; see {Section}:{role}Name";
        if (ids.Count > 0 && frontendId is not null && !ids.Contains(frontendId, StringComparer.OrdinalIgnoreCase))
            yield return $"{Section}:{nameof(ClusterTlsOptions.Certificate)} is that of the front-end '{string.Join("' or '", ids)}', and this one is '{frontendId}'; see OrleansLb:Frontend:Id";
        if (isOfRole && ids.Count == 0 && role == ClusterRole.Frontend && options.Tls.RequireFrontendNames)
            yield return $"{Section}:{nameof(ClusterTlsOptions.RequireFrontendNames)} asks for the front-end's id before {name}, and the certificate is for {certificate.Holder}";
    }

    private static IEnumerable<string> ChainFaults(OwnCertificate certificate, X509Certificate2Collection? authorities, ClusterRole role)
    {
        if (authorities is null)
            yield break;
        foreach (var purpose in PurposesOf(role))
        {
            if (ChainFault(certificate, TrustedAuthorities.Policy(authorities, purpose)) is not { } fault)
                continue;
            yield return $"{Section}:{nameof(ClusterTlsOptions.Certificate)} would be refused by the others: {fault}";
            yield break;
        }
    }

    private static string? ChainFault(OwnCertificate certificate, X509ChainPolicy policy)
    {
        using var chain = new X509Chain();
        foreach (var between in certificate.Context.IntermediateCertificates)
            policy.ExtraStore.Add(between);
        chain.ChainPolicy = policy;
        return chain.Build(certificate.Context.TargetCertificate) ? null : string.Join(", ", chain.ChainStatus.Select(static status => status.StatusInformation.Trim()).Distinct());
    }

    private static T? Read<T>(string key, Func<T> read, List<string> mistakes)
        where T : class
    {
        try
        {
            return read();
        }
        catch (CertificateRefusedException exception)
        {
            mistakes.Add($"{Section}:{key} {exception.Message}");
            return null;
        }
    }
}
