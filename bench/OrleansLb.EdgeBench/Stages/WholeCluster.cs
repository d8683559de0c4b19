using OrleansLb.BenchProcesses;
using OrleansLb.EdgeBench.Contestants;

namespace OrleansLb.EdgeBench.Stages;

/// <summary>A cluster of several silos and front-ends, with pools of backends that are probed every 5 s.</summary>
internal sealed class WholeCluster : IDisposable
{
    private readonly Premises _premises = new();

    /// <summary>Redis, silos and front-ends.</summary>
    public IReadOnlyList<ServerProcess> Members { get; private set; } = [];

    /// <summary>Starts everything and waits until each front-end reaches a backend of every pool.</summary>
    public static async Task<WholeCluster> Start(int silos, int frontends, int pools, int backendsPerPool, CancellationToken cancellation)
    {
        var cluster = new WholeCluster();
        try
        {
            await cluster.Build(silos, frontends, pools, backendsPerPool, cancellation);
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    public void Dispose() => _premises.Dispose();

    private async Task Build(int silos, int frontends, int pools, int backendsPerPool, CancellationToken cancellation)
    {
        var backends = FreePorts.Take(pools * backendsPerPool);
        await BackendServer.Start(_premises, backends, cancellation);
        var configuration = _premises.Write("orleanslb.json", PoolFile.Of([.. backends.Chunk(backendsPerPool)]));
        var redis = FreePorts.Take(1)[0];
        var members = new List<ServerProcess> { _premises.Keep(ClusterServers.Redis(redis)) };
        for (var number = 1; number <= silos; number++)
            members.Add(_premises.Keep(ClusterServers.Silo($"silo-{number}", redis, configuration, FreePorts.Take(1)[0])));
        for (var number = 1; number <= frontends; number++)
        {
            var ports = FreePorts.Take(2);
            var frontend = _premises.Keep(ClusterServers.Frontend($"front-end-{number}", redis, ports[0], ports[1], _premises.PathOf($"front-end-{number}")));
            members.Add(frontend);
            var contestant = new Contestant(frontend.Name, ports[0], "", frontend);
            for (var pool = 0; pool < pools; pool++)
                await frontend.Answers(contestant.Url(PoolFile.PathOf(pool)), cancellation);
        }

        Members = members;
    }
}
