namespace OrleansLb.Configuration.Proxy;

/// <summary>
/// YARP's messages name a route or a cluster but not the key. The first words below that a message contains tell the key; a
/// message of a later YARP that contains none is reported at the route or cluster itself.
/// </summary>
internal static class ProxyErrorPaths
{
    private static readonly (string Words, string Key)[] RouteKeys =
    [
        ("requires Hosts or Path", "Match"),
        ("match criteria", "Match"),
        ("OutputCache policy", "OutputCachePolicy"),
        ("RateLimiter policy", "RateLimiterPolicy"),
        ("The Timeout value", "Timeout"),
        ("has both a Timeout", "Timeout"),
        ("timeout policy", "TimeoutPolicy"),
        ("HTTP method", "Match:Methods"),
        ("host name", "Match:Hosts"),
        ("Invalid path", "Match:Path"),
        ("route header", "Match:Headers"),
        ("query parameter", "Match:QueryParameters"),
    ];

    private static readonly (string Words, string Key)[] ClusterKeys =
    [
        ("probing interval", "HealthCheck:Active:Interval"),
        ("probing timeout", "HealthCheck:Active:Timeout"),
        ("reactivation period", "HealthCheck:Passive:ReactivationPeriod"),
        ("connections per server", "HttpClient:MaxConnectionsPerServer"),
        ("request header encoding", "HttpClient:RequestHeaderEncoding"),
        ("response header encoding", "HttpClient:ResponseHeaderEncoding"),
        ("Outgoing request version", "HttpRequest:Version"),
        ("Affinity key name", "SessionAffinity:AffinityKeyName"),
        ("cookie expiration", "SessionAffinity:Cookie:Expiration"),
        ("cookie max-age", "SessionAffinity:Cookie:MaxAge"),
    ];

    public static string OfRoute(string path, string message) => Of(RouteKeys, path, message);

    public static string OfCluster(string path, string message) => Of(ClusterKeys, path, message);

    private static string Of((string Words, string Key)[] keys, string path, string message)
    {
        foreach (var (words, key) in keys)
            if (message.Contains(words, StringComparison.OrdinalIgnoreCase))
                return $"{path}:{key}";
        return path;
    }
}
