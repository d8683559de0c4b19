using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Load;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Networks;

/// <summary>Three silos and four front-ends, each on a machine of its own as far as the network goes. Every test leaves it whole.</summary>
public sealed class NetworkCluster : IAsyncLifetime
{
    private const int Silos = 3;
    private const int Frontends = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private int _changes;

    internal NamespaceNetwork Network { get; private set; } = null!;

    internal ProcessCluster Processes { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Network = await NamespaceNetwork.Create();
        foreach (var name in Names("silo", Silos).Concat(Names("fe", Frontends)))
            await Network.Add(name);
        Processes = await ProcessCluster.Start(Silos, Frontends, configure: UnreachableLimits.AddTo, network: Network);
    }

    public async ValueTask DisposeAsync()
    {
        // Either is not there when its start failed.
        if (Processes is not null)
            await Processes.DisposeAsync();
        if (Network is not null)
            await Network.DisposeAsync();
    }

    /// <summary>Waits until every silo is active, and every front-end serves what is in force and takes part in every pool.</summary>
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
        Processes.WriteConfiguration(configuration =>
        {
            UnreachableLimits.AddTo(configuration);
            configuration["ReverseProxy"]!["Routes"]!["changed"] = new JsonObject { ["ClusterId"] = "app", ["Match"] = new JsonObject { ["Path"] = $"/changed/{_changes}" } };
        });
    }

    internal static OpenLoopLoad Load(double requestsPerSecond, params IEnumerable<FrontendProcess> frontends) =>
        new(requestsPerSecond, frontends.Select(static frontend => new Uri(frontend.Address, "/")));

    private bool IsWhole(JsonNode status) =>
        status["silos"]!.AsArray().Count(static silo => (string)silo!["status"]! == "Active") == Processes.Silos.Count
        && status.FrontendCount() == Processes.Frontends.Count
        && status["frontends"]!.AsArray().All(frontend => (long)frontend!["version"]! == (long)status["version"]!)
        && status["pools"]!.AsArray() is { Count: > 0 } pools
        && pools.All(pool => (bool)pool!["complete"]! && pool["frontends"]!.AsArray().Count == Processes.Frontends.Count
            && pool["backends"]!.AsArray().All(static backend => (string)backend!["state"]! == "Up"));

    private static IEnumerable<string> Names(string kind, int count) => Enumerable.Range(1, count).Select(number => $"{kind}-{number}");
}
