namespace OrleansLb.Process.Tests.Processes;

/// <summary>A silo as a process of its own, in a cluster that meets in Redis.</summary>
internal sealed class SiloProcess : ProductProcess
{
    public SiloProcess(string name, RedisServer redis, string configurationFile)
        : this(name, redis, configurationFile, Ports.Next(), Ports.Next(), Ports.Next())
    {
    }

    private SiloProcess(string name, RedisServer redis, string configurationFile, int siloPort, int gatewayPort, int statusPort)
        : base(name, Executables.Silo, ["--config", configurationFile], new Dictionary<string, string>
        {
            ["OrleansLb__Cluster__Membership"] = "Redis",
            ["OrleansLb__Cluster__Redis"] = redis.ConnectionString,
            ["OrleansLb__Cluster__Name"] = name,
            ["OrleansLb__Cluster__SiloPort"] = $"{siloPort}",
            ["OrleansLb__Cluster__GatewayPort"] = $"{gatewayPort}",
            ["OrleansLb__Status__Url"] = $"http://127.0.0.1:{statusPort}",
            ["OrleansLb__ReadinessGrace"] = "00:00:00",
        }) => Status = new Uri($"http://127.0.0.1:{statusPort}");

    public Uri Status { get; }
}
