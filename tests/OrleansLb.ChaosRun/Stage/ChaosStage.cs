using System.Globalization;
using System.Net;
using OrleansLb.BenchProcesses;
using OrleansLb.Chaos;
using OrleansLb.Chaos.Verdicts;

namespace OrleansLb.ChaosRun.Stage;

/// <summary>The cluster: Redis, silos, front-ends and backends as real processes on free ports of loopback. Disposing ends every one of them by its id and removes what they stored.</summary>
internal sealed class ChaosStage : IAsyncDisposable
{
    private const int SiloCount = 3;
    private const int FrontendCount = 3;
    private const int BackendCount = 4;

    // A new Redis is empty: nobody has to wait to see whether a cluster is behind it.
    private static readonly Dictionary<string, string> BeginsCluster = new() { ["OrleansLb__Cluster__EmptyRedisPatience"] = "00:00:00" };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-chaos-");
    private readonly List<Member> _members = [];
    private readonly DirectoryInfo _logs;

    private ChaosStage(DirectoryInfo logs) => _logs = logs;

    public RedisMember Redis { get; private set; } = null!;

    public List<SiloMember> Silos { get; } = [];

    public List<FrontendMember> Frontends { get; } = [];

    public List<Member> Backends { get; } = [];

    /// <summary>Between the front-ends and the last backend.</summary>
    public ChaosProxy Network { get; private set; } = null!;

    /// <summary>The backends that front-ends reach without anything in between.</summary>
    public IReadOnlyList<Member> DirectBackends => Backends[..^1];

    public ConfigurationFile Configuration { get; private set; } = null!;

    /// <summary>What it is when nothing is wrong with it.</summary>
    public WholeCluster Whole => new(
        [.. Silos.Select(static silo => silo.Process.Name)],
        [.. Frontends.Select(static frontend => frontend.Process.Name)],
        [.. Backends.Select(static backend => backend.Name)]);

    /// <summary>Starts everything.</summary>
    /// <param name="seed">What chance on the network is made of.</param>
    /// <param name="logs">Where logs go.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task<ChaosStage> Start(int seed, DirectoryInfo logs, CancellationToken cancellation)
    {
        var stage = new ChaosStage(logs);
        try
        {
            await stage.Build(seed, cancellation);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts what has ended by itself, as whoever runs a cluster has it done.</summary>
    /// <returns>How each of them ended that had no reason to.</returns>
    public IReadOnlyList<string> StartWhatEnded()
    {
        var surprises = new List<string>();
        foreach (var member in _members.Where(static member => !member.IsInHands && member.HasEnded))
        {
            if (!member.MayEnd)
                surprises.Add(member.End);
            member.Start();
        }

        return surprises;
    }

    /// <summary>Nothing that was done is a reason to end any more.</summary>
    public void IsWhole() => _members.ForEach(static member => member.MayEnd = false);

    public async ValueTask DisposeAsync()
    {
        // Those who use others first.
        for (var i = _members.Count - 1; i >= 0; i--)
            _members[i].Dispose();
        if (Network is not null)
            await Network.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task Build(int seed, CancellationToken cancellation)
    {
        Redis = new RedisMember(_folder.FullName, _logs);
        _members.Add(Redis.Process);
        await Redis.Answers(cancellation);
        var ports = FreePorts.Take(BackendCount);
        for (var number = 1; number <= BackendCount; number++)
            Backends.Add(AddBackend($"backend-{Text(number)}", ports[number - 1]));
        Network = new ChaosProxy(new IPEndPoint(IPAddress.Loopback, ports[^1]), seed);
        var reached = ports.SkipLast(1).Append(Network.Address.Port);
        var file = Path.Combine(_folder.FullName, "orleanslb.json");
        Configuration = new ConfigurationFile(file, [.. Backends.Zip(reached, static (backend, port) => (backend.Name, port))]);
        Configuration.WriteNext();
        for (var number = 1; number <= SiloCount; number++)
            Silos.Add(AddSilo($"silo-{Text(number)}", file));
        for (var number = 1; number <= FrontendCount; number++)
            Frontends.Add(AddFrontend($"frontend-{Text(number)}"));
        await Task.WhenAll(
            [.. Backends.Select((backend, i) => backend.Answers(Url(ports[i], "/health"), cancellation)),
            .. Silos.Select(silo => silo.Process.Answers(new Uri(silo.Status, "/readyz"), cancellation)),
            .. Frontends.Select(frontend => frontend.Process.Answers(new Uri(frontend.Status, "/readyz"), cancellation))]);
    }

    private Member AddBackend(string name, int port) => Add(name, (_, heard) => ClusterServers.Backend(name, port, heard));

    private SiloMember AddSilo(string name, string configuration)
    {
        var status = FreePorts.Take(1)[0];
        return new SiloMember(Add(name, (first, heard) => ClusterServers.Silo(name, Redis.Port, configuration, status, first ? BeginsCluster : null, heard)), Url(status));
    }

    private FrontendMember AddFrontend(string name)
    {
        var ports = FreePorts.Take(2);
        var folder = Path.Combine(_folder.FullName, name);
        return new FrontendMember(Add(name, (_, heard) => ClusterServers.Frontend(name, Redis.Port, ports[0], ports[1], folder, heard: heard)), Url(ports[0]), Url(ports[1]));
    }

    private Member Add(string name, Func<bool, Action<string>, ServerProcess> launch)
    {
        var member = new Member(name, _logs, launch);
        _members.Add(member);
        return member;
    }

    private static Uri Url(int port, string path = "/") => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}{path}"));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
