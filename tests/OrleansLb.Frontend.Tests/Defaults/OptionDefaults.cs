using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansLb.Clustering.Membership;
using OrleansLb.Clustering.Tls;
using OrleansLb.Configuration;
using OrleansLb.Frontend.Http.AccessLog;
using OrleansLb.Frontend.Http.Affinity;
using OrleansLb.Frontend.Http.Hosting;
using OrleansLb.Frontend.Http.Limits;
using OrleansLb.Frontend.Http.Tls;
using OrleansLb.Core.Snapshots;
using OrleansLb.Hosting.Lifetime;
using OrleansLb.Hosting.Status;
using OrleansLb.Hosting.Telemetry;
using OrleansLb.Hosting.Telemetry.Tracing;
using OrleansLb.Hosting.Tls;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Tests.Defaults;

/// <summary>What holds where an option is not configured.</summary>
internal static class OptionDefaults
{
    // The properties of these are the keys below a section.
    private static readonly (string Section, object Values)[] Sections =
    [
        (FrontendOptions.SectionName, new FrontendOptions()),
        (HttpFrontendOptions.SectionName, new HttpFrontendOptions()),
        (TlsOptions.SectionName, new TlsOptions()),
        ($"{TlsOptions.SectionName}:{nameof(TlsOptions.ClientCertificates)}", new ClientCertificateOptions()),
        ($"{TlsOptions.SectionName}:{nameof(TlsOptions.Backends)}:NAME", new BackendTlsOptions()),
        (AccessLogOptions.SectionName, new AccessLogOptions()),
        (MetricsOptions.SectionName, new MetricsOptions()),
        (TracingOptions.SectionName, new TracingOptions()),
        (LifetimeOptions.SectionName, new LifetimeOptions()),
        (StatusOptions.SectionName, new StatusOptions()),
        (MembershipOptions.SectionName, new MembershipOptions()),
        (ClusterTlsOptions.SectionName, new ClusterTlsOptions()),
        ("OrleansLb:Affinity", UnconfiguredCluster.Compiled.Snapshot),
        ("OrleansLb:Rollback", new RollbackDefinition()),
    ];

    private static readonly (string Section, object Values)[] SectionsOfACluster =
    [
        ("HealthCheck:Active", UnconfiguredCluster.Full.ActiveHealth!),
        ("OrleansLb", UnconfiguredCluster.Plain),
        ("OrleansLb", UnconfiguredCluster.Plain.Balancing),
        ("OrleansLb", UnconfiguredCluster.Full.Concurrency!),
        ("OrleansLb:AdaptiveConcurrency", new AdaptiveConcurrencyDefinition()),
        ("OrleansLb:Agent", UnconfiguredCluster.Full.Agent!),
        ("OrleansLb:CircuitBreaker", UnconfiguredCluster.Full.Circuit!),
        ("OrleansLb:HealthCheck", UnconfiguredCluster.Full.ActiveHealth!),
        ("OrleansLb:HealthCheck", UnconfiguredCluster.Full),
        ("OrleansLb:Outlier", UnconfiguredCluster.Full.Outlier!),
        ("OrleansLb:Rebalance", new RebalanceDefinition()),
        ("OrleansLb:Retry", UnconfiguredCluster.Plain.Retry),
        ("OrleansLb:Session", UnconfiguredCluster.Full.Session!),
        ("Destinations:NAME:OrleansLb", UnconfiguredCluster.Plain.Backends[0]),
    ];

    // What has another name in the code, or is YARP's.
    private static readonly Dictionary<string, object?> Others = new(StringComparer.Ordinal)
    {
        ["OrleansLb:AllowedBackendNetworks"] = UnconfiguredCluster.TakesMetadataServices ? "all" : null,
        ["OrleansLb:Rollback:Enabled"] = UnconfiguredCluster.Compiled.Snapshot.Rollback is not null,
        ["MaxRequestBodySize of the route"] = KestrelLimits().MaxRequestBodySize,
        ["OrleansLb:Hedge:Delay of the route"] = UnconfiguredCluster.Compiled.Routes.Any(static route => route.Metadata?.ContainsKey(RouteMetadataKeys.Hedge) == true) ? "some" : null,
        ["LoadBalancingPolicy of the cluster"] = UnconfiguredCluster.Plain.Balancing.Policy,
        ["HealthCheck:Active:Enabled of the cluster"] = UnconfiguredCluster.Plain.ActiveHealth is not null,
        ["HealthCheck:Passive:Enabled of the cluster"] = UnconfiguredCluster.Plain.Outlier is not null,
        ["HttpClient:DangerousAcceptAnyServerCertificate of the cluster"] = UnconfiguredCluster.Compiled.Clusters.Any(static cluster => cluster.HttpClient?.DangerousAcceptAnyServerCertificate == true),
        ["OrleansLb:AdaptiveConcurrency of the cluster"] = UnconfiguredCluster.Plain.Concurrency?.Adaptive,
        ["OrleansLb:CircuitBreaker of the cluster"] = UnconfiguredCluster.Plain.Circuit,
        ["OrleansLb:MaxConcurrentRequestsPerDestination of the cluster"] = UnconfiguredCluster.Full.Concurrency!.MaxRequestsPerBackend,
        ["OrleansLb:PreConnect of the cluster"] = PreConnect.Of(UnconfiguredCluster.Compiled.Clusters[0].Metadata),
        ["OrleansLb:Queue:Limit of the cluster"] = UnconfiguredCluster.Full.Concurrency!.QueueLimit,
        ["OrleansLb:Queue:Timeout of the cluster"] = UnconfiguredCluster.Full.Concurrency!.QueueTimeout,
        ["OrleansLb:Rebalance of the cluster"] = UnconfiguredCluster.Plain.Rebalance,
        ["OrleansLb:Retry:On of the cluster"] = Conditions().ToArray(),
        ["SessionAffinity:Cookie:HttpOnly of the cluster"] = Cookie(isHttps: true).HttpOnly,
        ["SessionAffinity:Cookie:SecurePolicy of the cluster"] = Cookie(isHttps: true).Secure && !Cookie(isHttps: false).Secure,
        ["SessionAffinity:Cookie:SameSite of the cluster"] = Cookie(isHttps: true).SameSite,
    };

    // Where a file has what an option belongs to, and what the options of it are called in the code.
    private static readonly Dictionary<string, (string Path, (string Section, object Values)[] Sections)> Owners = new(StringComparer.Ordinal)
    {
        ["cluster"] = ("ReverseProxy:Clusters:full:", SectionsOfACluster),
        ["route"] = ("ReverseProxy:Routes:all:", []),
        ["policy"] = ("OrleansLb:RateLimiting:Policies:limit:", [("", UnconfiguredCluster.Limit)]),
    };

    /// <summary>Finds the default of an option by its key and what it belongs to.</summary>
    public static bool TryFind(string option, out object? value)
    {
        const string ofThe = " of the ";
        var parts = option.Split(ofThe);
        if (parts is not [var key, var owner])
            return Others.TryGetValue(option, out value) || TryFind(Sections, option, out value);
        var (path, sections) = Owners[owner];
        value = null;
        return UnconfiguredCluster.Knows(path + key.Replace("NAME", "a", StringComparison.Ordinal)) && (Others.TryGetValue(option, out value) || TryFind(sections, key, out value));
    }

    private static bool TryFind(IEnumerable<(string Section, object Values)> sections, string key, out object? value)
    {
        var end = Math.Max(0, key.LastIndexOf(':'));
        var found = sections.Where(section => section.Section == key[..end])
            .Select(section => (section.Values, Property: section.Values.GetType().GetProperty(key[end..].TrimStart(':'))))
            .FirstOrDefault(static section => section.Property is not null);
        value = found.Property?.GetValue(found.Values);
        return found.Property is not null;
    }

    private static KestrelServerLimits KestrelLimits()
    {
        var kestrel = new KestrelServerOptions();
        HttpListenerDefaults.Apply(kestrel);
        return kestrel.Limits;
    }

    private static IEnumerable<string> Conditions()
    {
        var retry = UnconfiguredCluster.Plain.Retry;
        if (retry.OnConnectFailure)
            yield return "ConnectFailure";
        if (retry.OnReset)
            yield return "Reset";
        if (retry.OnStatuses is { } statuses)
            yield return statuses.ToString()!;
    }

    private static CookieOptions Cookie(bool isHttps) => AffinityCookieOptions.Create(new SessionAffinityConfig(), isHttps, TimeSpan.Zero, DateTimeOffset.UnixEpoch);
}
