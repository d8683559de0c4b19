using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Networks;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>A whole cluster of real processes on this machine: Redis, silos, front-ends and backends.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("orleanslb-test-");
    private readonly HttpClient _http = StatusToken.GiveTo(new HttpClient { Timeout = TimeSpan.FromSeconds(10) });

    private readonly IReadOnlyDictionary<string, string> _frontendSettings;

    private readonly Func<string, ProcessPlace> _places;

    private ProcessCluster(IReadOnlyDictionary<string, string>? frontendSettings, Func<string, ProcessPlace> places)
    {
        _places = places;
        ConfigurationFile = Path.Combine(_directory.FullName, "orleanslb.json");
        _frontendSettings = frontendSettings ?? new Dictionary<string, string>();
    }

    /// <summary>The file that every silo watches.</summary>
    public string ConfigurationFile { get; }

    public RedisServer? Redis { get; private set; }

    public List<SiloProcess> Silos { get; } = [];

    public List<FrontendProcess> Frontends { get; } = [];

    public List<BackendProcess> Backends { get; } = [];

    /// <summary>Starts everything and waits until every silo and front-end says that it is ready.</summary>
    /// <param name="silos">How many silos.</param>
    /// <param name="frontends">How many front-ends.</param>
    /// <param name="backends">How many backends, in one pool named <c>app</c>.</param>
    /// <param name="configure">Changes the configuration before the start.</param>
    /// <param name="frontendSettings">Settings of the front-ends' own, as environment variables.</param>
    /// <param name="siloExecutable">Another silo than that of this build.</param>
    /// <param name="network">Where silos and front-ends have a machine each, by their names; without one all are on loopback.</param>
    /// <param name="places">How each silo and front-end is started, by its name; on the network, or on loopback, unless given.</param>
    public static async Task<ProcessCluster> Start(
        int silos = 3,
        int frontends = 2,
        int backends = 3,
        Action<JsonObject>? configure = null,
        IReadOnlyDictionary<string, string>? frontendSettings = null,
        string? siloExecutable = null,
        NamespaceNetwork? network = null,
        Func<string, ProcessPlace>? places = null)
    {
        var cluster = new ProcessCluster(frontendSettings, places ?? (network is null ? static _ => ProcessPlace.Loopback : network.PlaceOf));
        var address = network?.Address ?? ProcessPlace.Loopback.Address;
        try
        {
            cluster.Redis = await RedisServer.Start(directory: cluster._directory.FullName, address: address);
            for (var number = 1; number <= backends; number++)
                cluster.Backends.Add(new BackendProcess($"b{number}", Ports.Next(), address));
            cluster.WriteConfiguration(configure);
            for (var number = 1; number <= silos; number++)
                cluster.Silos.Add(cluster.StartFirstSilo($"silo-{number}", siloExecutable));
            for (var number = 1; number <= frontends; number++)
                cluster.Frontends.Add(cluster.StartFrontend($"fe-{number}"));
            await cluster.IsReady();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every silo, front-end and backend that runs says that it is ready.</summary>
    public async Task IsReady()
    {
        foreach (var backend in Backends.Where(static process => !process.HasExited))
            await Eventually.Holds($"{backend.Name} answers", StartLimit, () => Answers(new Uri(backend.Address, "/health")), () => backend.Output);
        foreach (var silo in Silos.Where(static process => !process.HasExited))
            await Eventually.Holds($"{silo.Name} is ready", StartLimit, () => Answers(new Uri(silo.Status, "/readyz")), () => silo.Output);
        foreach (var frontend in Frontends.Where(static process => !process.HasExited))
            await Eventually.Holds($"{frontend.Name} is ready", StartLimit, () => Answers(new Uri(frontend.Status, "/readyz")), () => frontend.Output);
    }

    public SiloProcess StartSilo(string name, ProcessPlace? place = null) => new(name, Redis!, ConfigurationFile, SiloPorts.Next(), place ?? _places(name));

    public FrontendProcess StartFrontend(string name, int? port = null, ProcessPlace? place = null) =>
        new(name, Redis!, port ?? Ports.Next(), DirectoryOf(name), _frontendSettings, place ?? _places(name));

    /// <summary>Where a front-end of that name keeps its files.</summary>
    public string DirectoryOf(string frontend) => Path.Combine(_directory.FullName, frontend);

    /// <summary>Where a front-end keeps the last good configuration.</summary>
    public string SnapshotOf(FrontendProcess frontend) => Path.Combine(_directory.FullName, frontend.Name, "snapshot.json");

    /// <summary>Where a front-end keeps its share of limits.</summary>
    public string ShareOf(FrontendProcess frontend) => Path.Combine(_directory.FullName, frontend.Name, "limit-share.json");

    /// <summary>Replaces a front-end that has ended by one with the same id, port and data.</summary>
    public FrontendProcess Restart(FrontendProcess ended)
    {
        var next = StartFrontend(ended.Name, ended.Address.Port);
        Frontends[Frontends.IndexOf(ended)] = next;
        return next;
    }

    /// <summary>Replaces a silo that has ended by one of the same name on the same ports.</summary>
    public SiloProcess Restart(SiloProcess ended)
    {
        var next = new SiloProcess(ended.Name, Redis!, ConfigurationFile, ended.Ports, _places(ended.Name));
        Silos[Silos.IndexOf(ended)] = next;
        return next;
    }

    /// <summary>Replaces a Redis that has ended by one on the same port, which has what was saved.</summary>
    public async Task RestartRedis() => Redis = await RedisServer.Start(Redis!.Port, _directory.FullName);

    /// <summary>Replaces a backend that has ended by one of the same name on the same port.</summary>
    public BackendProcess Restart(BackendProcess ended)
    {
        var next = new BackendProcess(ended.Name, ended.Address.Port, ended.Address.Host);
        Backends[Backends.IndexOf(ended)] = next;
        return next;
    }

    /// <summary>Rewrites the configuration file that every silo watches.</summary>
    public void WriteConfiguration(Action<JsonObject>? configure = null)
    {
        var configuration = DefaultConfiguration();
        configure?.Invoke(configuration);
        WriteRaw(configuration.ToJsonString());
    }

    /// <summary>What the configuration file holds.</summary>
    public string ReadConfiguration() => File.ReadAllText(ConfigurationFile);

    /// <summary>Writes any text to the configuration file, by a rename as an editor does.</summary>
    public void WriteRaw(string text) => WriteRaw(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes any bytes, in the same way.</summary>
    public void WriteRaw(byte[] content)
    {
        var temporary = ConfigurationFile + ".new";
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, ConfigurationFile, overwrite: true);
    }

    /// <summary>The status document of the first silo that answers.</summary>
    public async Task<JsonNode?> GetStatus()
    {
        foreach (var silo in Silos.Where(static process => !process.HasExited))
        {
            if (await TryGet(new Uri(silo.Status, "/api/v1/status")) is { } text)
                return JsonNode.Parse(text);
        }

        return null;
    }

    public async Task<string?> TryGet(Uri address)
    {
        try
        {
            using var response = await _http.GetAsync(address);
            return response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsStringAsync() : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Frontends.Concat<ProductProcess>(Silos).Concat(Backends))
            await process.DisposeAsync();
        if (Redis is not null)
            await Redis.DisposeAsync();
        _http.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>The output of every process, for the message of a failed test.</summary>
    public string Logs() => string.Join(
        "\n",
        Silos.Concat<ProductProcess>(Frontends).Select(static process => $"--- {process.Name}\n{process.Output}"));

    private SiloProcess StartFirstSilo(string name, string? executable) =>
        new(name, Redis!, ConfigurationFile, SiloPorts.Next(), _places(name), executable, beginsCluster: true);

    private async Task<bool> Answers(Uri address) => await TryGet(address) is not null;

    private JsonObject DefaultConfiguration()
    {
        var destinations = new JsonObject();
        foreach (var backend in Backends)
            destinations[backend.Name] = new JsonObject { ["Address"] = backend.Address.ToString() };
        return new JsonObject
        {
            ["ReverseProxy"] = new JsonObject
            {
                ["Routes"] = new JsonObject
                {
                    ["app"] = new JsonObject
                    {
                        ["ClusterId"] = "app",
                        ["Match"] = new JsonObject { ["Path"] = "/{**rest}" },
                    },
                },
                ["Clusters"] = new JsonObject
                {
                    ["app"] = new JsonObject
                    {
                        ["LoadBalancingPolicy"] = "ClusterLeastRequests",
                        ["HealthCheck"] = new JsonObject
                        {
                            ["AvailableDestinationsPolicy"] = "ClusterHealthyOrPanic",
                            ["Active"] = new JsonObject
                            {
                                ["Enabled"] = true,
                                ["Policy"] = "ClusterConsecutiveFailures",
                                ["Interval"] = "00:00:01",
                                ["Timeout"] = "00:00:00.500",
                                ["Path"] = "/health",
                            },
                            ["Passive"] = new JsonObject { ["Enabled"] = true, ["Policy"] = "ClusterOutlier" },
                        },
                        ["Destinations"] = destinations,
                    },
                },
            },
        };
    }
}
