using System.Globalization;
using OrleansLb.BenchProcesses;
using OrleansLb.EdgeBench.Contestants;

namespace OrleansLb.EdgeBench.Stages;

/// <summary>The backends and everybody who is compared, each as a process of its own on loopback, with one folder for all that they write. Disposing ends every one of them by its id.</summary>
internal sealed class Stage : IDisposable
{
    private const string Health = "/health";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-edge-bench-");
    private readonly List<ServerProcess> _servers = [];
    private readonly List<Contestant> _contestants = [];
    private readonly List<int> _backends = [];

    // Workers of nginx are another user and have folders of their own in it.
    private Stage() => _folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Clients without anything between them and the backends.</summary>
    public Contestant Direct => new("no proxy", _backends[0], "", Server: null);

    /// <summary>Everybody who is compared, in the order of the tables.</summary>
    public IReadOnlyList<Contestant> Contestants => _contestants;

    /// <summary>Every process that was started.</summary>
    public IReadOnlyList<ServerProcess> Servers => _servers;

    /// <summary>What serves the backends' answers.</summary>
    public ServerProcess Backend => _servers[0];

    /// <summary>The cluster's silos and the Redis that they meet in.</summary>
    public List<ServerProcess> Cluster { get; } = [];

    /// <summary>Starts everything and waits until everybody answers.</summary>
    /// <param name="names">Who is compared.</param>
    /// <param name="backends">How many backends.</param>
    /// <param name="connections">How many connections each must be able to have.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<Stage> Start(IReadOnlyList<string> names, int backends, int connections, CancellationToken cancellation)
    {
        var stage = new Stage();
        try
        {
            await stage.StartBackend(backends, cancellation);
            foreach (var name in names)
                await stage.Start(name, connections, cancellation);
            return stage;
        }
        catch
        {
            stage.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _servers.ForEach(static server => server.Dispose());
        _folder.Delete(recursive: true);
    }

    private async Task StartBackend(int count, CancellationToken cancellation)
    {
        _backends.AddRange(FreePorts.Take(count));
        var own = Path.Combine(AppContext.BaseDirectory, "OrleansLb.EdgeBench");
        await Add(new ServerProcess("backend", own, ["backend", "--ports", .. _backends.Select(Text)]), Direct, cancellation);
    }

    private async Task Start(string name, int connections, CancellationToken cancellation)
    {
        var port = FreePorts.Take(1)[0];
        switch (name)
        {
            case ContestantNames.OrleansLb:
                await StartCluster(port, cancellation);
                break;
            case ContestantNames.StockYarp:
                var program = BuiltExecutables.Find("OrleansLb.StockYarp");
                await Add("stock YARP", port, program, [Write("stock-yarp.json", PeerFiles.StockYarp(_backends)), "--urls", $"http://127.0.0.1:{Text(port)}"], cancellation);
                break;
            case ContestantNames.Nginx:
                var file = Write("nginx.conf", PeerFiles.Nginx(_folder.FullName, port, _backends, connections));
                await Add("nginx", port, "nginx", ["-p", _folder.FullName, "-e", "stderr", "-c", file], cancellation);
                break;
            case ContestantNames.HAProxy:
                await Add("HAProxy", port, "haproxy", ["-db", "-f", Write("haproxy.cfg", PeerFiles.HAProxy(port, _backends, connections))], cancellation);
                break;
            case ContestantNames.Caddy:
                await Add("Caddy", port, "caddy", ["run", "--adapter", "caddyfile", "--config", Write("Caddyfile", PeerFiles.Caddy(port, _backends))], cancellation);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(name), name, "Nobody is called so.");
        }
    }

    private async Task StartCluster(int port, CancellationToken cancellation)
    {
        var ports = FreePorts.Take(3);
        Cluster.Add(Keep(ClusterServers.Redis(ports[0])));
        Cluster.Add(Keep(ClusterServers.Silo("silo", ports[0], Write("orleanslb.json", PeerFiles.OrleansLb(_backends)), ports[1])));
        var frontend = Keep(ClusterServers.Frontend("frontend", ports[0], port, ports[2], Path.Combine(_folder.FullName, "frontend")));
        var plain = new Contestant("OrleansLb", port, "", frontend);
        var full = new Contestant("OrleansLb, limit and cookie", port, "/full", frontend, KeepsSessions: true);
        await frontend.Answers(plain.Url(Health), cancellation);
        await frontend.Answers(full.Url(Health), cancellation);
        _contestants.AddRange([plain, full]);
    }

    private async Task Add(string name, int port, string program, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        // Caddy keeps what it knows at home.
        var server = new ServerProcess(name, program, arguments, new Dictionary<string, string> { ["XDG_DATA_HOME"] = _folder.FullName, ["XDG_CONFIG_HOME"] = _folder.FullName });
        var contestant = new Contestant(name, port, "", server);
        await Add(server, contestant, cancellation);
        _contestants.Add(contestant);
    }

    private async Task Add(ServerProcess server, Contestant contestant, CancellationToken cancellation)
    {
        Keep(server);
        await server.Answers(contestant.Url(Health), cancellation);
    }

    private ServerProcess Keep(ServerProcess server)
    {
        _servers.Add(server);
        return server;
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
