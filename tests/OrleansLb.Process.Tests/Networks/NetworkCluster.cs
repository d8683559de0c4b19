using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Load;
using OrleansLb.Process.Tests.Processes;
using OrleansLb.Testing.Mutants;

namespace OrleansLb.Process.Tests.Networks;

/// <summary>Three silos and four front-ends, each on a machine of its own as far as the network goes. Every test leaves it whole.</summary>
public sealed class NetworkCluster : IAsyncLifetime
{
    private const int Silos = 3;
    private const int Frontends = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, JsonObject> _pools = [];
    private int _changes;
    private string _digest = "";

    internal NamespaceNetwork Network { get; private set; } = null!;

    internal ProcessCluster Processes { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Network = await NamespaceNetwork.Create();
        foreach (var name in Names("silo", Silos).Concat(Names("fe", Frontends)))
            await Network.Add(name);
        Processes = await ProcessCluster.Start(Silos, Frontends, configure: UnreachableLimits.AddTo, network: Network);
        NoteWhatWasWritten();
    }

    public async ValueTask DisposeAsync()
    {
        // Either is not there when its start failed.
        if (Processes is not null)
            await Processes.DisposeAsync();
        if (Network is not null)
            await Network.DisposeAsync();
    }

    /// <summary>Waits until every silo is active, the configuration written last is in force, and every front-end serves it and takes part in every pool.</summary>
    internal Task<TimeSpan> IsWhole() => Eventually.Holds("the cluster is whole", Patience, async () => await Processes.GetStatus() is { } status && IsWhole(status), Processes.Logs);

    /// <summary>As <see cref="IsWhole()"/>, and starts silos that have ended anew, as whoever runs services does.</summary>
    internal Task<TimeSpan> IsWholeUnderASupervisor() => Eventually.Holds("the cluster is whole", Patience, async () =>
    {
        for (var i = 0; i < Processes.Silos.Count; i++)
        {
            if (Processes.Silos[i].HasExited)
                Processes.Silos[i] = Processes.StartSilo(Processes.Silos[i].Name);
        }

        return await Processes.GetStatus() is { } status && IsWhole(status);
    }, Processes.Logs);

    /// <summary>Writes another configuration, with one route more or another one.</summary>
    internal void ChangeConfiguration()
    {
        _changes++;
        WriteConfiguration();
    }

    /// <summary>Has every front-end serve further pools, each below a path of its name.</summary>
    internal async Task Serve(params IEnumerable<(string Name, JsonObject Pool)> pools)
    {
        foreach (var (name, pool) in pools)
            _pools.Add(name, pool);
        WriteConfiguration();
        await Eventually.Holds("the pools are served", Patience, async () => await Processes.GetStatus() is { } status && IsWhole(status) && status["pools"]!.AsArray().Count == _pools.Count + 1, Processes.Logs);
    }

    /// <summary>Has nobody serve a pool any more.</summary>
    internal void Forget(params IEnumerable<string> pools)
    {
        foreach (var name in pools)
            _pools.Remove(name);
        WriteConfiguration();
    }

    /// <summary>Starts a front-end of a test's own, on the test's side of the network.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="change">How it is started.</param>
    internal async Task<FrontendProcess> AddFrontend(string name, Func<ProcessPlace, ProcessPlace>? change = null)
    {
        var place = new ProcessPlace(Network.Address);
        var frontend = Processes.StartFrontend(name, place: change is null ? place : change(place));
        Processes.Frontends.Add(frontend);
        await Processes.IsReady();
        return frontend;
    }

    /// <summary>Starts a silo of a test's own, on the test's side of the network.</summary>
    internal async Task<SiloProcess> AddSilo(string name, Func<ProcessPlace, ProcessPlace> change)
    {
        var silo = Processes.StartSilo(name, change(new ProcessPlace(Network.Address)));
        Processes.Silos.Add(silo);
        await Processes.IsReady();
        return silo;
    }

    /// <summary>Ends a process of a test's own in good order.</summary>
    internal async Task Remove(ProductProcess process)
    {
        if (process is FrontendProcess frontend)
            Processes.Frontends.Remove(frontend);
        if (process is SiloProcess silo)
            Processes.Silos.Remove(silo);
        if (!process.HasExited)
            process.Signal(PosixSignals.Terminate);
        await process.WaitForExit(Patience);
        await process.DisposeAsync();
    }

    private void WriteConfiguration()
    {
        Processes.WriteConfiguration(AddTo);
        NoteWhatWasWritten();
    }

    private void NoteWhatWasWritten() => _digest = FileVerdict.Of(Processes.ConfigurationFile).Digest;

    private void AddTo(JsonObject configuration)
    {
        UnreachableLimits.AddTo(configuration);
        var (routes, clusters) = (configuration["ReverseProxy"]!["Routes"]!, configuration["ReverseProxy"]!["Clusters"]!);
        if (_changes > 0)
            routes["changed"] = new JsonObject { ["ClusterId"] = "app", ["Match"] = new JsonObject { ["Path"] = $"/changed/{_changes}" } };
        foreach (var (name, pool) in _pools)
        {
            routes[name] = new JsonObject { ["ClusterId"] = name, ["Match"] = new JsonObject { ["Path"] = $"/{name}/{{**rest}}" } };
            clusters[name] = pool.DeepClone();
        }
    }

    internal static OpenLoopLoad Load(double requestsPerSecond, params IEnumerable<FrontendProcess> frontends) =>
        new(requestsPerSecond, frontends.Select(static frontend => new Uri(frontend.Address, "/")));

    private bool IsWhole(JsonNode status) =>
        status["silos"]!.AsArray().Count(static silo => (string)silo!["status"]! == "Active") == Processes.Silos.Count
        && (string)status["configuration"]!["digest"]! == _digest
        && status.FrontendCount() == Processes.Frontends.Count
        && status["frontends"]!.AsArray().All(frontend => (long)frontend!["version"]! == (long)status["version"]!)
        && status["pools"]!.AsArray() is { Count: > 0 } pools
        && pools.All(pool => (bool)pool!["complete"]! && pool["frontends"]!.AsArray().Count == Processes.Frontends.Count
            && pool["backends"]!.AsArray().All(static backend => (string)backend!["state"]! is "Up" or "Unknown"));

    private static IEnumerable<string> Names(string kind, int count) => Enumerable.Range(1, count).Select(number => $"{kind}-{number}");
}
