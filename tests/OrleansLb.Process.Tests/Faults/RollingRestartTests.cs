using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Load;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>Everything is restarted, one process after the other, as an update does it.</summary>
public sealed class RollingRestartTests
{
    private const string Restart = "SIGTERM to each of three silos and two front-ends in turn, each restarted, and a configuration change between them";
    private const double RequestsPerSecond = 1000;
    private const int MostRounds = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Restart_SilosThenFrontends_NoRequestFails()
    {
        // The silos that are replaced are those of the version before, when a run names them.
        await using var cluster = await ProcessCluster.Start(frontendSettings: ConnectionBalancer.Grace, siloExecutable: Executables.PreviousSilo);
        await using var balancer = new ConnectionBalancer(cluster);
        await using var load = new OpenLoopLoad(RequestsPerSecond, [ConnectionBalancer.Address], connect: balancer.Connect);
        for (var round = 1; round <= Math.Min(Rounds.Count(fallback: 1), MostRounds); round++)
        {
            foreach (var silo in cluster.Silos.ToArray())
            {
                await End(silo);
                await AssertHasLeft(cluster, silo);
                cluster.Restart(silo);
                await cluster.IsReady();
                await PoolCounts.BecomeRight(cluster);
            }

            await Change(cluster, round);
            foreach (var frontend in cluster.Frontends.ToArray())
            {
                await End(frontend);
                cluster.Restart(frontend);
                await cluster.IsReady();
                await PoolCounts.BecomeRight(cluster);
            }
        }

        var outcomes = await load.Stop();
        FaultFigures.Say("F4", Restart, $"failed requests at {RequestsPerSecond:F0} a second", Seen.Failed(outcomes), "0", "0");
        if (Executables.IsPreviousSiloGiven)
            FaultFigures.Say(FaultRows.MixedVersions, "silos of the commit before are replaced one by one, beside front-ends of this one", "failed requests", Seen.Failed(outcomes), "0", "0");
        Failures.AssertNone(outcomes, cluster);
    }

    private static async Task End(ProductProcess process)
    {
        process.Signal(PosixSignals.Terminate);
        Assert.Equal(0, await process.WaitForExit(Patience));
    }

    /// <summary>Who leaves in good order tells the others; of who does not, they have to find out that it is dead.</summary>
    private static async Task AssertHasLeft(ProcessCluster cluster, SiloProcess ended)
    {
        await Eventually.Holds($"{ended.Name} is no member any more", Patience, async () =>
            (await cluster.GetStatus())?["silos"]!.AsArray().All(silo => silo!["name"]!.GetValue<string>() != ended.Name) == true, cluster.Logs);
        Assert.DoesNotContain(cluster.Silos, other => other != ended && other.FoundDead(ended));
    }

    private static async Task Change(ProcessCluster cluster, int round)
    {
        var version = (await cluster.GetStatus())!["version"]!.GetValue<long>();
        cluster.WriteConfiguration(configuration => configuration["ReverseProxy"]!["Routes"]![$"extra-{round}"] = new JsonObject
        {
            ["ClusterId"] = "app",
            ["Match"] = new JsonObject { ["Path"] = $"/extra-{round}" },
        });
        await Eventually.Holds("every front-end serves the new version", Patience, async () =>
            (await cluster.GetStatus())?["frontends"]!.AsArray().All(node => node!["version"]!.GetValue<long>() > version) == true, cluster.Logs);
    }
}
