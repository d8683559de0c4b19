using System.Security.Authentication;
using Microsoft.AspNetCore.Http;
using OrleansLb.Configuration.Answers;
using OrleansLb.Configuration.Pools;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Draining;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys of one cluster.</summary>
internal static class ClusterShapes
{
    public static ObjectShape Cluster { get; } = new(
        strict: false,
        (nameof(ClusterConfig.LoadBalancingPolicy), Values.OptionalOneOf("policy", LoadBalancingPolicyNames.All)),
        (nameof(ClusterConfig.SessionAffinity), SessionAffinity),
        (nameof(ClusterConfig.HealthCheck), HealthCheck),
        (nameof(ClusterConfig.HttpClient), HttpClient),
        (nameof(ClusterConfig.HttpRequest), HttpRequest),
        (nameof(ClusterConfig.Metadata), new MapShape(Values.Text)),
        (nameof(ClusterConfig.Destinations), new MapShape(Destination)),
        ("OrleansLb", Ours));

    private static ObjectShape Ours => new(
        strict: true,
        ("HealthCheck", HealthCheckShapes.HealthCheck),
        ("SlowStart", BalancingShapes.SlowStart),
        ("SlowStartAggression", BalancingShapes.SlowStartAggression),
        ("SlowStartMinPercent", BalancingShapes.SlowStartMinPercent),
        ("Hash", BalancingShapes.Hash),
        (nameof(BalancingDefinition.LoadReports), BalancingShapes.LoadReports),
        ("Priority", BalancingShapes.Priority),
        (nameof(BalancingDefinition.ZonePreference), BalancingShapes.ZonePreference),
        (ConcurrencyReader.LimitKey, Values.Int32Within(1, 1_000_000, "requests")),
        (AdaptiveReader.Key, AdaptiveShapes.Adaptive),
        (ConcurrencyReader.QueueKey, new ObjectShape(
            strict: true,
            (ConcurrencyReader.QueueLimitKey, Values.Int32Within(0, 100_000, "requests")),
            (ConcurrencyReader.QueueTimeoutKey, Values.DurationWithin(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1))))),
        (nameof(ConcurrencyDefinition.WhenUnreachable), Values.OneOf("choice", [.. Enum.GetNames<WhenUnreachable>()])),
        (nameof(PoolDefinition.DrainTimeout), Values.DurationWithin(TimeSpan.Zero, DrainMachine.LongestTimeout)),
        ("Outlier", OutlierShapes.Outlier),
        (CircuitReader.Key, CircuitShapes.Circuit),
        (AgentReader.Key, AgentShapes.OfCluster),
        (SessionReader.Key, SessionShapes.Session),
        (TlsReader.Key, TlsShapes.Tls),
        (PreConnectReader.Key, Values.Int32Within(0, PreConnectReader.Most, "connections")),
        (RetryReader.Key, RetryShapes.Retry),
        (RebalanceReader.Key, RebalanceShapes.Rebalance),
        (ClosureReader.Maintenance, AnswerShapes.Maintenance),
        (ClosureReader.Unavailable, AnswerShapes.Unavailable));

    private static ObjectShape Destination => new(
        strict: false,
        (nameof(DestinationConfig.Address), Values.Text),
        (nameof(DestinationConfig.Health), Values.Text),
        (nameof(DestinationConfig.Host), Values.Text),
        (nameof(DestinationConfig.Metadata), new MapShape(Values.Text)),
        ("OrleansLb", new ObjectShape(
            strict: true,
            (nameof(BackendDefinition.Weight), Values.Int32Within(1, 1000, "parts")),
            (nameof(BackendDefinition.Priority), BalancingShapes.PriorityOfDestination),
            (nameof(BackendDefinition.Zone), Values.Zone),
            (AgentReader.Key, AgentShapes.OfDestination))));

    private static ObjectShape SessionAffinity => new(
        strict: false,
        (nameof(SessionAffinityConfig.Enabled), Values.Boolean),
        (nameof(SessionAffinityConfig.Policy), Values.Text),
        (nameof(SessionAffinityConfig.FailurePolicy), Values.Text),
        (nameof(SessionAffinityConfig.AffinityKeyName), Values.Text),
        (nameof(SessionAffinityConfig.Cookie), new ObjectShape(
            strict: false,
            (nameof(SessionAffinityCookieConfig.Path), Values.Text),
            (nameof(SessionAffinityCookieConfig.Domain), Values.Text),
            (nameof(SessionAffinityCookieConfig.HttpOnly), Values.Boolean),
            (nameof(SessionAffinityCookieConfig.IsEssential), Values.Boolean),
            (nameof(SessionAffinityCookieConfig.SecurePolicy), Values.YarpEnum<CookieSecurePolicy>()),
            (nameof(SessionAffinityCookieConfig.SameSite), Values.YarpEnum<SameSiteMode>()),
            (nameof(SessionAffinityCookieConfig.Expiration), Values.Duration),
            (nameof(SessionAffinityCookieConfig.MaxAge), Values.Duration))));

    private static ObjectShape HealthCheck => new(
        strict: false,
        (nameof(HealthCheckConfig.AvailableDestinationsPolicy), Values.OptionalOneOf("policy", AvailableDestinationsPolicyNames.All)),
        (nameof(HealthCheckConfig.Active), new ObjectShape(
            strict: false,
            (nameof(ActiveHealthCheckConfig.Enabled), Values.Boolean),
            (nameof(ActiveHealthCheckConfig.Policy), Values.Text),
            (nameof(ActiveHealthCheckConfig.Interval), Values.Duration),
            (nameof(ActiveHealthCheckConfig.Timeout), Values.Duration),
            (nameof(ActiveHealthCheckConfig.Path), Values.Text),
            (nameof(ActiveHealthCheckConfig.Query), Values.Text))),
        (nameof(HealthCheckConfig.Passive), new ObjectShape(
            strict: false,
            (nameof(PassiveHealthCheckConfig.Enabled), Values.Boolean),
            (nameof(PassiveHealthCheckConfig.Policy), Values.Text),
            (nameof(PassiveHealthCheckConfig.ReactivationPeriod), Values.Duration))));

    private static ObjectShape HttpClient => new(
        strict: false,
        (nameof(HttpClientConfig.SslProtocols), new MapShape(Values.YarpEnum<SslProtocols>())),
        (nameof(HttpClientConfig.DangerousAcceptAnyServerCertificate), Values.Boolean),
        (nameof(HttpClientConfig.MaxConnectionsPerServer), Values.Int32),
        (nameof(HttpClientConfig.EnableMultipleHttp2Connections), Values.Boolean),
        (nameof(HttpClientConfig.RequestHeaderEncoding), Values.Text),
        (nameof(HttpClientConfig.ResponseHeaderEncoding), Values.Text),
        (nameof(HttpClientConfig.WebProxy), new ObjectShape(
            strict: false,
            (nameof(WebProxyConfig.Address), Values.AbsoluteUri),
            (nameof(WebProxyConfig.BypassOnLocal), Values.Boolean),
            (nameof(WebProxyConfig.UseDefaultCredentials), Values.Boolean))));

    private static ObjectShape HttpRequest => new(
        strict: false,
        (nameof(ForwarderRequestConfig.ActivityTimeout), Values.Duration),
        (nameof(ForwarderRequestConfig.Version), Values.HttpVersion),
        (nameof(ForwarderRequestConfig.VersionPolicy), Values.YarpEnum<HttpVersionPolicy>()),
        (nameof(ForwarderRequestConfig.AllowResponseBuffering), Values.Boolean));
}
