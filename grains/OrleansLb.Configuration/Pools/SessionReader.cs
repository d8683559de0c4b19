using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Sessions;
using OrleansLb.Core.Snapshots;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Pools;

/// <summary>Reads how a cluster's sessions are learned. Single values were checked before; here is what they must be together.</summary>
internal static class SessionReader
{
    public const string Key = "Session";

    public static SessionDefinition? Read(ClusterConfig cluster, SettingsNode root, Problems problems)
    {
        var path = $"ReverseProxy:Clusters:{cluster.ClusterId}";
        var ours = root.Find($"{path}:OrleansLb:{Key}");
        if (!ClusterPolicies.HasLearnedSessions(cluster))
        {
            if (ours is not null)
                problems.Error(ours.Path, $"has no effect without the SessionAffinity policy {SessionAffinityPolicyNames.ClusterSession}");
            return null;
        }

        if (cluster.SessionAffinity!.Cookie is not null)
            problems.Error($"{path}:SessionAffinity:{nameof(SessionAffinityConfig.Cookie)}", $"has no effect with {SessionAffinityPolicyNames.ClusterSession}, which sets no cookie: the application's own is left as it is");
        var plain = new SessionDefinition();
        var source = SessionSourceNames.All.FirstOrDefault(name => string.Equals(name, ours.Text(nameof(SessionDefinition.Source)), StringComparison.OrdinalIgnoreCase)) ?? plain.Source;
        return plain with
        {
            Source = source,
            Name = Name(cluster, source, $"{path}:SessionAffinity:{nameof(SessionAffinityConfig.AffinityKeyName)}", problems),
            IPv6PrefixLength = PrefixLength(ours, source, problems) ?? plain.IPv6PrefixLength,
            IdleTimeout = ours.Time(nameof(SessionDefinition.IdleTimeout)) ?? plain.IdleTimeout,
            BindTimeout = ours.Time(nameof(SessionDefinition.BindTimeout)) ?? plain.BindTimeout,
            MaxSessions = ours.Whole(nameof(SessionDefinition.MaxSessions)) ?? plain.MaxSessions,
        };
    }

    /// <summary>The other policy takes its cookie out of requests and would be taken for the application's.</summary>
    public static void CheckNames(IReadOnlyList<ClusterConfig> clusters, IReadOnlyList<PoolSettings> pools, Problems problems)
    {
        var sealedNames = clusters.Where(ClusterPolicies.HasSealedSessions).Select(static cluster => cluster.SessionAffinity!.AffinityKeyName)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var pool in pools)
        {
            if (pool.Session is { Source: SessionSourceNames.Cookie } session && sealedNames.Contains(session.Name))
            {
                problems.Error(
                    $"ReverseProxy:Clusters:{pool.Id}:SessionAffinity:{nameof(SessionAffinityConfig.AffinityKeyName)}",
                    $"{Quote.Value(session.Name)} is the cookie of a cluster with {SessionAffinityPolicyNames.ClusterCookie}; name the application's own");
            }
        }
    }

    private static string Name(ClusterConfig cluster, string source, string path, Problems problems)
    {
        var name = cluster.SessionAffinity!.AffinityKeyName;
        if (source == SessionSourceNames.ClientIp)
            return "";
        // A missing name is an error of YARP's already.
        if (!string.IsNullOrEmpty(name) && source is SessionSourceNames.Cookie or SessionSourceNames.Header && !HeaderName.IsValid(name))
            problems.Error(path, $"{Quote.Value(name)} cannot be the name of a {source.ToLowerInvariant()}");
        return name ?? "";
    }

    private static int? PrefixLength(SettingsNode? ours, string source, Problems problems)
    {
        if (ours?.Child(nameof(SessionDefinition.IPv6PrefixLength)) is { } prefix && source != SessionSourceNames.ClientIp)
            problems.Error(prefix.Path, $"the source {source} has no address; the one that has: {SessionSourceNames.ClientIp}");
        return ours.Whole(nameof(SessionDefinition.IPv6PrefixLength));
    }
}
