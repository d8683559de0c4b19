namespace OrleansLb.Standalone.Demo;

/// <summary>Configures the process to balance over demo backends of its own.</summary>
internal static class DemoExtensions
{
    private const int BackendCount = 3;

    /// <summary>Starts the backends, so that their addresses can be configured, and keeps all state in a folder that ends with the process.</summary>
    public static void AddDemo(this WebApplicationBuilder builder)
    {
        // The one place that waits for a task: a host is built before anything runs that could be blocked.
        var backends = Task.Run(static () => DemoBackends.Start(BackendCount)).GetAwaiter().GetResult();
        var directory = new DemoDirectory();
        builder.Services.AddSingleton(backends);
        builder.Services.AddHostedService(_ => backends);
        builder.Services.AddSingleton(directory);
        builder.Services.AddHostedService(_ => directory);
        builder.Configuration.AddInMemoryCollection(Settings(backends.Backends, directory));
    }

    private static Dictionary<string, string?> Settings(IEnumerable<DemoBackend> backends, DemoDirectory directory)
    {
        var settings = new Dictionary<string, string?>
        {
            ["OrleansLb:Cluster:StateDirectory"] = directory.State,
            ["OrleansLb:Frontend:DataDirectory"] = directory.Frontend,
            ["OrleansLb:RateLimiting:Policies:demo:Algorithm"] = "TokenBucket",
            ["OrleansLb:RateLimiting:Policies:demo:TokenLimit"] = "5",
            ["OrleansLb:RateLimiting:Policies:demo:TokensPerPeriod"] = "5",
            ["OrleansLb:RateLimiting:Policies:demo:ReplenishmentPeriod"] = "00:00:01",
            ["ReverseProxy:Routes:limited:ClusterId"] = "demo",
            ["ReverseProxy:Routes:limited:Match:Path"] = "/limited/{**rest}",
            ["ReverseProxy:Routes:limited:RateLimiterPolicy"] = "demo",
            ["ReverseProxy:Routes:demo:ClusterId"] = "demo",
            ["ReverseProxy:Routes:demo:Match:Path"] = "/{**rest}",
            ["ReverseProxy:Clusters:demo:LoadBalancingPolicy"] = "ClusterLeastRequests",
            ["ReverseProxy:Clusters:demo:SessionAffinity:Enabled"] = "true",
            ["ReverseProxy:Clusters:demo:SessionAffinity:Policy"] = "ClusterCookie",
            ["ReverseProxy:Clusters:demo:SessionAffinity:AffinityKeyName"] = ".Lb.Demo",
            ["ReverseProxy:Clusters:demo:HealthCheck:AvailableDestinationsPolicy"] = "ClusterHealthyOrPanic",
            ["ReverseProxy:Clusters:demo:HealthCheck:Active:Enabled"] = "true",
            ["ReverseProxy:Clusters:demo:HealthCheck:Active:Policy"] = "ClusterConsecutiveFailures",
            ["ReverseProxy:Clusters:demo:HealthCheck:Active:Path"] = "/health",
            ["ReverseProxy:Clusters:demo:HealthCheck:Passive:Enabled"] = "true",
            ["ReverseProxy:Clusters:demo:HealthCheck:Passive:Policy"] = "ClusterOutlier",
        };
        foreach (var backend in backends)
            settings[$"ReverseProxy:Clusters:demo:Destinations:{backend.Name}:Address"] = backend.Address.ToString();
        return settings;
    }
}
