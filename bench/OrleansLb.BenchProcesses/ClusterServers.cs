using System.Globalization;

namespace OrleansLb.BenchProcesses;

/// <summary>The processes of a cluster, on loopback.</summary>
public static class ClusterServers
{
    /// <summary>A Redis in which silos meet, and which saves only when it is told to.</summary>
    /// <param name="port">Where it listens.</param>
    /// <param name="folder">Where it saves, and finds what it saved; nowhere unless given.</param>
    /// <param name="heard">Told each line that it says.</param>
    public static ServerProcess Redis(int port, string? folder = null, Action<string>? heard = null) => new(
        "redis-server",
        "redis-server",
        ["--port", Text(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", .. folder is null ? (string[])[] : ["--dir", folder]],
        heard: heard);

    /// <summary>A backend that says its name in <c>X-Backend</c>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="heard">Told each line that it says.</param>
    public static ServerProcess Backend(string name, int port, Action<string>? heard = null) =>
        new(name, BuiltExecutables.Find("OrleansLb.Standalone"), ["demo-backend", "--name", name, "--port", Text(port)], heard: heard);

    /// <summary>A silo.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="redis">Port of the Redis.</param>
    /// <param name="configuration">File of the cluster's configuration.</param>
    /// <param name="statusPort">Where it says how it is.</param>
    /// <param name="settings">What else is in its environment.</param>
    /// <param name="heard">Told each line that it says.</param>
    public static ServerProcess Silo(
        string name, int redis, string configuration, int statusPort, IEnumerable<KeyValuePair<string, string>>? settings = null, Action<string>? heard = null)
    {
        var ports = FreePorts.Take(2);
        var environment = new Dictionary<string, string>(Member(redis, statusPort).Concat(settings ?? []))
        {
            ["OrleansLb__Cluster__Name"] = name,
            ["OrleansLb__Cluster__SiloPort"] = Text(ports[0]),
            ["OrleansLb__Cluster__GatewayPort"] = Text(ports[1]),
        };
        return new ServerProcess(name, BuiltExecutables.Find("OrleansLb.Silo"), ["--config", configuration], environment, heard);
    }

    /// <summary>A front-end.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="redis">Port of the Redis.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="statusPort">Where it says how it is.</param>
    /// <param name="folder">Where it keeps its data.</param>
    /// <param name="settings">What else is in its environment.</param>
    /// <param name="heard">Told each line that it says.</param>
    /// <param name="securePort">Where it speaks TLS, with the certificate of the settings; nowhere unless given.</param>
    public static ServerProcess Frontend(
        string name, int redis, int port, int statusPort, string folder, IEnumerable<KeyValuePair<string, string>>? settings = null, Action<string>? heard = null, int? securePort = null)
    {
        var environment = new Dictionary<string, string>(Member(redis, statusPort).Concat(settings ?? []))
        {
            ["OrleansLb__Frontend__Id"] = name,
            ["OrleansLb__Frontend__Urls"] = securePort is { } secure ? $"{Url(port)};https://127.0.0.1:{Text(secure)}" : Url(port),
            ["OrleansLb__Frontend__DataDirectory"] = folder,
        };
        return new ServerProcess(name, BuiltExecutables.Find("OrleansLb.Frontend.Host"), [], environment, heard);
    }

    private static Dictionary<string, string> Member(int redis, int statusPort) => new()
    {
        ["OrleansLb__Cluster__Membership"] = "Redis",
        ["OrleansLb__Cluster__Redis"] = $"127.0.0.1:{Text(redis)}",
        ["OrleansLb__Status__Url"] = Url(statusPort),
        ["OrleansLb__ReadinessGrace"] = "00:00:00",
    };

    private static string Url(int port) => $"http://127.0.0.1:{Text(port)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
