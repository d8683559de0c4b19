namespace OrleansLb.Process.Tests.Processes;

/// <summary>A silo as a process of its own, in a cluster that meets in Redis.</summary>
internal sealed class SiloProcess : ProductProcess
{
    public SiloProcess(
        string name, RedisServer redis, string configurationFile, SiloPorts ports, ProcessPlace place, string? executable = null, bool beginsCluster = false)
        : base(name, place, executable ?? Executables.Silo, ["--config", configurationFile], new Dictionary<string, string>
        {
            ["OrleansLb__Cluster__Membership"] = "Redis",
            ["OrleansLb__Cluster__Redis"] = redis.ConnectionString,
            ["OrleansLb__Cluster__Name"] = name,
            ["OrleansLb__Cluster__SiloPort"] = $"{ports.Silo}",
            ["OrleansLb__Cluster__GatewayPort"] = $"{ports.Gateway}",
            ["OrleansLb__Cluster__AdvertisedAddress"] = place.Address,
            ["OrleansLb__Cluster__Insecure"] = $"{!place.IsLoopback}",
            ["OrleansLb__Status__Url"] = $"http://{place.Address}:{ports.Status}",
            ["OrleansLb__Status__Tokens"] = place.IsLoopback ? "" : StatusToken.File,
            // A new Redis is empty; nobody has to wait to see whether a cluster is behind it.
            ["OrleansLb__Cluster__EmptyRedisPatience"] = beginsCluster ? "00:00:00" : "00:00:05",
            ["OrleansLb__ReadinessGrace"] = "00:00:00",
        }) => (Ports, Status) = (ports, new Uri($"http://{place.Address}:{ports.Status}"));

    public SiloPorts Ports { get; }

    public Uri Status { get; }

    /// <summary>Whether this one says that it found another dead, because the machine there refuses connections.</summary>
    public bool FoundDead(SiloProcess other) => Output.Split('\n').Any(line =>
        line.Contains($":{other.Ports.Silo}:", StringComparison.Ordinal) && line.Contains("is dead: its machine refuses connections", StringComparison.Ordinal));
}
