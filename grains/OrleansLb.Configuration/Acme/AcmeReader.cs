using System.Collections.Immutable;
using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Acme;

/// <summary>Reads what certificates the cluster orders by itself.</summary>
/// <param name="problems">Where mistakes go.</param>
internal sealed class AcmeReader(Problems problems)
{
    public const string Directory = "Directory";
    public const string Contacts = "Contacts";
    public const string TermsAgreed = "TermsAgreed";
    public const string Certificates = "Certificates";
    public const string Hosts = "Hosts";

    // As many names as public authorities take, and as many certificates as go into one message with their chains.
    private const int MostHosts = 100;
    private const int MostCertificates = 100;

    /// <summary>Reads.</summary>
    /// <param name="root">The root of the document.</param>
    /// <returns><see langword="null"/> when nothing is ordered.</returns>
    public AcmeDefinition? Read(SettingsNode root)
    {
        if (root.Find(SettingsDocument.AcmeSection) is not { HasChildren: true } section)
            return null;
        // The scan before has said already what it took away.
        if (!section.WasRemoved(TermsAgreed) && !(section.Text(TermsAgreed) is { } said && bool.Parse(said)))
            problems.Error($"{section.Path}:{TermsAgreed}", "must be true: an authority gives nothing to who does not agree to its terms of service");
        var certificates = section.Child(Certificates)?.Children ?? [];
        if (certificates.Count == 0 && section.Child(Certificates) is not { HasRemoved: true } && !section.WasRemoved(Certificates))
            problems.Error($"{section.Path}:{Certificates}", "names no certificate; leave the section out to order none");
        if (certificates.Count > MostCertificates)
            problems.Error($"{section.Path}:{Certificates}", $"are {certificates.Count}; at most {MostCertificates} are allowed");
        CheckHosts(certificates);
        return new AcmeDefinition(
            section.Text(Directory) is { Length: > 0 } directory ? new Uri(directory) : AcmeDefinition.DefaultDirectory,
            [.. (section.Child(Contacts)?.Children ?? []).Select(static contact => contact.Value!)],
            [.. certificates.Select(static certificate => new AcmeCertificateDefinition(certificate.Key, HostsOf(certificate))).OrderBy(static one => one.Name, StringComparer.OrdinalIgnoreCase)]);
    }

    private void CheckHosts(IReadOnlyList<SettingsNode> certificates)
    {
        var owners = new Dictionary<string, SettingsNode>(StringComparer.Ordinal);
        foreach (var certificate in certificates)
        {
            var hosts = certificate.Child(Hosts)?.Children ?? [];
            if (certificate.Child(Hosts) is null && !certificate.WasRemoved(Hosts))
                problems.Error($"{certificate.Path}:{Hosts}", "names no host");
            if (hosts.Count > MostHosts)
                problems.Error($"{certificate.Path}:{Hosts}", $"are {hosts.Count}; at most {MostHosts} go into one certificate");
            foreach (var host in hosts)
            {
                if (!owners.TryAdd(host.Value!.ToLowerInvariant(), certificate))
                    problems.Error(host.Path, $"{Quote.Value(host.Value)} is in {Quote.Value(owners[host.Value.ToLowerInvariant()].Key)} already");
            }
        }
    }

    private static ImmutableArray<string> HostsOf(SettingsNode certificate) =>
        [.. (certificate.Child(Hosts)?.Children ?? []).Select(static host => host.Value!.ToLowerInvariant()).Order(StringComparer.Ordinal)];
}
