namespace OrleansLb.Process.Tests.Processes;

/// <summary>A silo as a process of its own, in a cluster that meets in Redis.</summary>
internal sealed class SiloProcess : ProductProcess
{
    public SiloProcess(string name, RedisServer redis, string configurationFile, ProcessPlace place)
        : this(name, redis, configurationFile, Ports.Next(), Ports.Next(), Ports.Next(), place)
    {
    }

    private SiloProcess(string name, RedisServer redis, string configurationFile, int siloPort, int gatewayPort, int statusPort, ProcessPlace place)
        : base(name, place, Executables.Silo, ["--config", configurationFile], new Dictionary<string, string>
        {
            ["OrleansLb__Cluster__Membership"] = "Redis",
            ["OrleansLb__Cluster__Redis"] = redis.ConnectionString,
            ["OrleansLb__Cluster__Name"] = name,
            ["OrleansLb__Cluster__SiloPort"] = $"{siloPort}",
            ["OrleansLb__Cluster__GatewayPort"] = $"{gatewayPort}",
            ["OrleansLb__Cluster__AdvertisedAddress"] = place.Address,
            ["OrleansLb__Cluster__Insecure"] = $"{!place.IsLoopback}",
            ["OrleansLb__Status__Url"] = $"http://{place.Address}:{statusPort}",
            ["OrleansLb__Status__AllowRemote"] = $"{!place.IsLoopback}",
            ["OrleansLb__ReadinessGrace"] = "00:00:00",
        }) => Status = new Uri($"http://{place.Address}:{statusPort}");

    public Uri Status { get; }
}
