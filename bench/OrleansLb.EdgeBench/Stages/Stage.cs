using System.Globalization;
using OrleansLb.BenchProcesses;
using OrleansLb.EdgeBench.Contestants;

namespace OrleansLb.EdgeBench.Stages;

/// <summary>The backends and everybody who is compared, each as a process of its own on loopback.</summary>
internal sealed class Stage : IDisposable
{
    private readonly Premises _premises = new();
    private readonly List<Contestant> _contestants = [];
    private readonly int[] _backends;
    private readonly int _connections;
    private int _redis;

    private Stage(int backends, int connections) => (_backends, _connections) = (FreePorts.Take(backends), connections);

    /// <summary>Clients without anything between them and the backends.</summary>
    public Contestant Direct => new("no proxy", _backends[0], "", Server: null);

    /// <summary>Everybody who is compared, in the order of the tables.</summary>
    public IReadOnlyList<Contestant> Contestants => _contestants;

    /// <summary>Every process that runs.</summary>
    public IReadOnlyList<ServerProcess> Servers => _premises.Servers;

    /// <summary>What serves the backends' answers.</summary>
    public ServerProcess Backend => Servers[0];

    /// <summary>The cluster's silos and the Redis that they meet in.</summary>
    public List<ServerProcess> Cluster { get; } = [];

    /// <summary>Starts everything and waits until everybody answers.</summary>
    /// <param name="names">Who is compared.</param>
    /// <param name="backends">How many backends.</param>
    /// <param name="connections">How many clients each must be able to have.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<Stage> Start(IReadOnlyList<string> names, int backends, int connections, CancellationToken cancellation)
    {
        var stage = new Stage(backends, connections);
        try
        {
            await BackendServer.Start(stage._premises, stage._backends, cancellation);
            foreach (var name in names)
                await stage.Start(name, cancellation);
            return stage;
        }
        catch
        {
            stage.Dispose();
            throw;
        }
    }

    /// <summary>Starts another front-end of the same cluster for each lever.</summary>
    public async Task Add(IEnumerable<Lever> levers, CancellationToken cancellation)
    {
        foreach (var lever in levers)
            await AddFrontend($"OrleansLb, {lever.Name}", FreePorts.Take(1)[0], lever.Settings, cancellation);
    }

    /// <summary>Ends a contestant and starts it again as it was.</summary>
    /// <param name="contestant">Who.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>From its start to its first answer from a backend.</returns>
    public async Task<TimeSpan> Restart(Contestant contestant, CancellationToken cancellation)
    {
        _premises.End(contestant.Server!);
        var began = TimeProvider.System.GetTimestamp();
        var server = _premises.Keep(contestant.Launch!());
        await server.Answers(contestant.Url(BackendServer.Health), cancellation);
        var took = TimeProvider.System.GetElapsedTime(began);
        _contestants[_contestants.IndexOf(contestant)] = contestant with { Server = server };
        return took;
    }

    public void Dispose() => _premises.Dispose();

    private async Task Start(string name, CancellationToken cancellation)
    {
        var port = FreePorts.Take(1)[0];
        if (name == ContestantNames.OrleansLb)
        {
            await StartCluster(port, cancellation);
            return;
        }

        var (title, program, arguments) = name switch
        {
            ContestantNames.StockYarp => ("stock YARP", BuiltExecutables.Find("OrleansLb.StockYarp"), (string[])[
                _premises.Write("stock-yarp.json", PeerFiles.StockYarp(_backends)), "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")]),
            ContestantNames.Nginx => ("nginx", "nginx", ["-p", _premises.PathOf(""), "-e", "stderr", "-c", _premises.Write("nginx.conf", PeerFiles.Nginx(_premises.PathOf(""), port, _backends, _connections))]),
            ContestantNames.HAProxy => ("HAProxy", "haproxy", ["-db", "-f", _premises.Write("haproxy.cfg", PeerFiles.HAProxy(port, _backends, _connections))]),
            ContestantNames.Caddy => ("Caddy", "caddy", ["run", "--adapter", "caddyfile", "--config", _premises.Write("Caddyfile", PeerFiles.Caddy(port, _backends))]),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Nobody is called so."),
        };
        // Caddy keeps what it knows at home.
        var environment = new Dictionary<string, string> { ["XDG_DATA_HOME"] = _premises.PathOf(""), ["XDG_CONFIG_HOME"] = _premises.PathOf("") };
        await Add(new Contestant(title, port, "", Launch: () => new ServerProcess(title, program, arguments, environment)), cancellation);
    }

    private async Task StartCluster(int port, CancellationToken cancellation)
    {
        var ports = FreePorts.Take(2);
        _redis = ports[0];
        Cluster.Add(_premises.Keep(ClusterServers.Redis(_redis)));
        Cluster.Add(_premises.Keep(ClusterServers.Silo("silo", _redis, _premises.Write("orleanslb.json", PeerFiles.OrleansLb(_backends)), ports[1])));
        var plain = await AddFrontend("OrleansLb", port, new Dictionary<string, string>(), cancellation);
        var full = plain with { Name = "OrleansLb, limit and cookie", Prefix = "/full", KeepsSessions = true };
        await full.Server!.Answers(full.Url(BackendServer.Health), cancellation);
        _contestants.Add(full);
    }

    private Task<Contestant> AddFrontend(string title, int port, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        var (id, status) = (string.Create(CultureInfo.InvariantCulture, $"frontend-{port}"), FreePorts.Take(1)[0]);
        var folder = _premises.PathOf(id);
        return Add(new Contestant(title, port, "", Launch: () => ClusterServers.Frontend(id, _redis, port, status, folder, settings)), cancellation);
    }

    private async Task<Contestant> Add(Contestant contestant, CancellationToken cancellation)
    {
        var server = _premises.Keep(contestant.Launch!());
        await server.Answers(contestant.Url(BackendServer.Health), cancellation);
        var started = contestant with { Server = server };
        _contestants.Add(started);
        return started;
    }
}
