namespace OrleansLb.Process.Tests.Processes;

/// <summary>A front-end as a process of its own.</summary>
internal sealed class FrontendProcess : ProductProcess
{
    public FrontendProcess(string name, RedisServer redis, int port, string dataDirectory, IReadOnlyDictionary<string, string> settings)
        : this(name, redis, port, Ports.Next(), dataDirectory, settings)
    {
    }

    private FrontendProcess(string name, RedisServer redis, int port, int statusPort, string dataDirectory, IReadOnlyDictionary<string, string> settings)
        : base(name, Executables.Frontend, [], new Dictionary<string, string>(settings)
        {
            ["OrleansLb__Cluster__Membership"] = "Redis",
            ["OrleansLb__Cluster__Redis"] = redis.ConnectionString,
            ["OrleansLb__Frontend__Id"] = name,
            ["OrleansLb__Frontend__Urls"] = $"http://127.0.0.1:{port}",
            ["OrleansLb__Frontend__DataDirectory"] = dataDirectory,
            ["OrleansLb__Status__Url"] = $"http://127.0.0.1:{statusPort}",
            ["OrleansLb__ReadinessGrace"] = "00:00:00",
        })
    {
        Address = new Uri($"http://127.0.0.1:{port}");
        Status = new Uri($"http://127.0.0.1:{statusPort}");
    }

    public Uri Address { get; }

    public Uri Status { get; }
}
