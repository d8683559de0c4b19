using Microsoft.AspNetCore.Http;
using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Snapshots;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Pools;

/// <summary>Reads how a pool's backends are met by TLS. What YARP's keys say of the same is refused beside it, or one of the two would have no effect and nobody would know.</summary>
internal static class TlsReader
{
    public const string Key = "Tls";

    /// <summary>Reads; <see langword="null"/> when the pool leaves it to YARP's keys.</summary>
    public static BackendTls? Read(ClusterConfig cluster, SettingsNode root, Problems problems)
    {
        var path = $"ReverseProxy:Clusters:{cluster.ClusterId}";
        var ours = root.Find($"{path}:OrleansLb:{Key}");
        var (profile, name) = (ours.Text(nameof(BackendTls.Profile)), ours.Text(nameof(BackendTls.ServerName)));
        if (profile is null && name is null)
            return null;
        CheckClient(cluster.HttpClient, $"{path}:{nameof(cluster.HttpClient)}", problems);
        foreach (var (id, destination) in cluster.Destinations ?? new Dictionary<string, DestinationConfig>())
        {
            if (destination.Address?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == false)
                problems.Error($"{path}:Destinations:{id}:{nameof(destination.Address)}", $"{Quote.Value(destination.Address)} is not https, as OrleansLb:{Key} of the cluster wants it");
        }

        return new BackendTls(profile, name, [.. HostsOf(cluster)]);
    }

    /// <summary>Reads how probes meet the backends; <see langword="null"/> when the pool does not say.</summary>
    public static ProbeTlsDefinition? ReadForProbes(ClusterConfig cluster, SettingsNode root)
    {
        var ours = root.Find($"ReverseProxy:Clusters:{cluster.ClusterId}:OrleansLb:{Key}");
        var (profile, name) = (ours.Text(nameof(BackendTls.Profile)), ours.Text(nameof(BackendTls.ServerName)));
        return profile is null && name is null ? null : new ProbeTlsDefinition(profile, name);
    }

    private static void CheckClient(HttpClientConfig? client, string path, Problems problems)
    {
        if (client?.DangerousAcceptAnyServerCertificate == true)
            problems.Error($"{path}:{nameof(client.DangerousAcceptAnyServerCertificate)}", $"goes with no OrleansLb:{Key}, whose certificates are always verified");
        if (client?.SslProtocols is not null)
            problems.Error($"{path}:{nameof(client.SslProtocols)}", $"goes with no OrleansLb:{Key}; the front-ends' profiles have MinimumVersion");
        if (client?.WebProxy is not null)
            problems.Error($"{path}:{nameof(client.WebProxy)}", $"goes with no OrleansLb:{Key}, which meets the destinations themselves");
    }

    private static IEnumerable<string> HostsOf(ClusterConfig cluster) => (cluster.Destinations?.Values ?? [])
        .Select(static destination => new HostString(destination.Host ?? "").Host)
        .Where(static host => Uri.CheckHostName(host) != UriHostNameType.Unknown)
        .Distinct(StringComparer.OrdinalIgnoreCase)
        .Order(StringComparer.OrdinalIgnoreCase);
}
