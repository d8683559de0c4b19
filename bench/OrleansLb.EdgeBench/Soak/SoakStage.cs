using System.Globalization;
using OrleansLb.BenchProcesses;
using OrleansLb.BenchProcesses.Growth;
using OrleansLb.EdgeBench.Contestants;
using OrleansLb.EdgeBench.Stages;

namespace OrleansLb.EdgeBench.Soak;

/// <summary>Two silos and two front-ends, and a configuration whose backends change.</summary>
internal sealed class SoakStage : IDisposable
{
    private const string ConfigurationFile = "orleanslb.json";
    private const int Members = 2;
    private const int Backends = 6;
    private const int InUse = 4;

    private readonly Premises _premises = new();
    private readonly int[] _backends = FreePorts.Take(Backends);
    private int _turn;

    public List<Contestant> Frontends { get; } = [];

    public List<ProcessProbe> Probes { get; } = [];

    public static async Task<SoakStage> Start(CancellationToken cancellation)
    {
        var stage = new SoakStage();
        try
        {
            await stage.Build(cancellation);
            return stage;
        }
        catch
        {
            stage.Dispose();
            throw;
        }
    }

    /// <summary>Puts other backends into the configuration: each is away for a while and returns.</summary>
    public void ChangeBackends()
    {
        _turn++;
        var whole = _premises.Write(ConfigurationFile + ".new", Configuration());
        // Whole or not at all, as an editor does it.
        File.Move(whole, _premises.PathOf(ConfigurationFile), overwrite: true);
    }

    public void Dispose() => _premises.Dispose();

    private string Configuration() => PeerFiles.OrleansLb([.. Enumerable.Range(0, InUse).Select(i => _backends[(_turn + i) % Backends])]);

    private async Task Build(CancellationToken cancellation)
    {
        await BackendServer.Start(_premises, _backends, cancellation);
        var (redis, configuration) = (FreePorts.Take(1)[0], _premises.Write(ConfigurationFile, Configuration()));
        _premises.Keep(ClusterServers.Redis(redis));
        for (var number = 1; number <= Members; number++)
        {
            var status = FreePorts.Take(1)[0];
            Probes.Add(Probe(_premises.Keep(ClusterServers.Silo(Name("silo", number), redis, configuration, status)), status));
        }

        for (var number = 1; number <= Members; number++)
        {
            var (ports, name) = (FreePorts.Take(2), Name("front-end", number));
            var server = _premises.Keep(ClusterServers.Frontend(name, redis, ports[0], ports[1], _premises.PathOf(name)));
            var frontend = new Contestant(name, ports[0], "", server);
            await server.Answers(frontend.Url(BackendServer.Health), cancellation);
            Frontends.Add(frontend);
            Probes.Add(Probe(server, ports[1]));
        }
    }

    private static ProcessProbe Probe(ServerProcess server, int status) => new(server, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{status}/metrics")));

    private static string Name(string role, int number) => string.Create(CultureInfo.InvariantCulture, $"{role}-{number}");
}
