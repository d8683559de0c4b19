using System.Globalization;
using OrleansLb.BenchProcesses;
using OrleansLb.EdgeBench.Contestants;

namespace OrleansLb.EdgeBench.Stages;

/// <summary>The backends and everybody who is compared, each as a process of its own on loopback.</summary>
internal sealed class Stage : IDisposable
{
    private readonly Premises _premises = new();
    private readonly List<Contestant> _contestants = [];
    private readonly StagePlan _plan;
    private readonly int[] _backends;
    private readonly int _connections;
    private int _redis;

    private Stage(StagePlan plan, int connections)
    {
        (_plan, _backends, _connections) = (plan, FreePorts.Take(plan.Backends), connections);
        Certificate = plan.Tls ? BenchCertificate.Write(_premises) : null;
    }

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

    /// <summary>What everybody shows; <see langword="null"/> without TLS.</summary>
    public CertificateFiles? Certificate { get; }

    /// <summary>Starts everything and waits until everybody answers.</summary>
    /// <param name="names">Who is compared.</param>
    /// <param name="plan">What is around them.</param>
    /// <param name="connections">How many clients each must be able to have.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<Stage> Start(IReadOnlyList<string> names, StagePlan plan, int connections, CancellationToken cancellation)
    {
        var stage = new Stage(plan, connections);
        try
        {
            await BackendServer.Start(stage._premises, stage._backends, cancellation);
            foreach (var name in names.Where(plan.IsFor))
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
        var ports = FreePorts.Take(2);
        var site = new PeerSite(ports[0], ports[1], _backends, _connections, _plan.Protocol, Certificate);
        if (name == ContestantNames.OrleansLb)
        {
            await StartCluster(site, cancellation);
            return;
        }

        var (title, program, arguments) = name switch
        {
            ContestantNames.StockYarp => ("stock YARP", BuiltExecutables.Find("OrleansLb.StockYarp"), (string[])[_premises.Write("stock-yarp.json", PeerFiles.StockYarp(site))]),
            ContestantNames.Nginx => ("nginx", "nginx", ["-p", _premises.PathOf(""), "-e", "stderr", "-c", _premises.Write("nginx.conf", PeerFiles.Nginx(_premises.PathOf(""), site))]),
            ContestantNames.HAProxy => ("HAProxy", "haproxy", ["-db", "-f", _premises.Write("haproxy.cfg", PeerFiles.HAProxy(site))]),
            ContestantNames.Caddy => ("Caddy", "caddy", ["run", "--adapter", "caddyfile", "--config", _premises.Write("Caddyfile", PeerFiles.Caddy(site))]),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Nobody is called so."),
        };
        // Caddy keeps what it knows at home.
        var environment = new Dictionary<string, string> { ["XDG_DATA_HOME"] = _premises.PathOf(""), ["XDG_CONFIG_HOME"] = _premises.PathOf("") };
        await Add(new Contestant(
            title, site.Port, "", Launch: () => new ServerProcess(title, program, arguments, environment), SecurePort: site.SecurePort, IsDotNet: name == ContestantNames.StockYarp), cancellation);
    }

    private async Task StartCluster(PeerSite site, CancellationToken cancellation)
    {
        var ports = FreePorts.Take(2);
        _redis = ports[0];
        Cluster.Add(_premises.Keep(ClusterServers.Redis(_redis)));
        Cluster.Add(_premises.Keep(ClusterServers.Silo("silo", _redis, _premises.Write("orleanslb.json", PeerFiles.OrleansLb(_backends, _plan.Protocol)), ports[1])));
        var plain = await AddFrontend("OrleansLb", site.Port, Certificates(), cancellation, Certificate is null ? null : site.SecurePort);
        var full = plain with { Name = "OrleansLb, limit and cookie", Prefix = "/full", KeepsSessions = true };
        await full.Server!.Answers(full.Url(BackendServer.Health), cancellation);
        _contestants.Add(full);
    }

    private Dictionary<string, string> Certificates() => Certificate is null ? [] : new Dictionary<string, string>
    {
        ["OrleansLb__Frontend__Tls__Certificates__bench__Certificate"] = Certificate.Certificate,
        ["OrleansLb__Frontend__Tls__Certificates__bench__Key"] = Certificate.Key,
    };

    private Task<Contestant> AddFrontend(string title, int port, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation, int? securePort = null)
    {
        var (id, status) = (string.Create(CultureInfo.InvariantCulture, $"frontend-{port}"), FreePorts.Take(1)[0]);
        var folder = _premises.PathOf(id);
        return Add(new Contestant(title, port, "", Launch: Launch, SecurePort: securePort ?? 0, IsDotNet: true), cancellation);

        ServerProcess Launch() => ClusterServers.Frontend(id, _redis, port, status, folder, settings, securePort: securePort);
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
