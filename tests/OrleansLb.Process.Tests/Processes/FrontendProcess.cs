namespace OrleansLb.Process.Tests.Processes;

/// <summary>A front-end as a process of its own.</summary>
internal sealed class FrontendProcess : ProductProcess
{
    /// <summary>The setting of how long it goes on accepting connections when it is told to stop.</summary>
    public const string ReadinessGrace = "OrleansLb__ReadinessGrace";

    public FrontendProcess(string name, RedisServer redis, int port, string dataDirectory, IReadOnlyDictionary<string, string> settings, ProcessPlace place)
        : this(name, redis, port, Ports.Next(), dataDirectory, settings, place)
    {
    }

    private FrontendProcess(
        string name, RedisServer redis, int port, int statusPort, string dataDirectory, IReadOnlyDictionary<string, string> settings, ProcessPlace place)
        : base(name, place, Executables.Frontend, [], new Dictionary<string, string>(settings)
        {
            ["OrleansLb__Cluster__Membership"] = "Redis",
            ["OrleansLb__Cluster__Redis"] = redis.ConnectionString,
            ["OrleansLb__Cluster__Insecure"] = $"{!place.IsLoopback}",
            ["OrleansLb__Frontend__Id"] = name,
            ["OrleansLb__Frontend__Urls"] = $"http://{place.Address}:{port}",
            ["OrleansLb__Frontend__DataDirectory"] = dataDirectory,
            ["OrleansLb__Status__Url"] = $"http://{place.Address}:{statusPort}",
            ["OrleansLb__Status__AllowRemote"] = $"{!place.IsLoopback}",
            // Nobody waits for the next test but where it matters who noticed.
            [ReadinessGrace] = settings.GetValueOrDefault(ReadinessGrace, "00:00:00"),
        })
    {
        Address = new Uri($"http://{place.Address}:{port}");
        Status = new Uri($"http://{place.Address}:{statusPort}");
    }

    public Uri Address { get; }

    public Uri Status { get; }
}
