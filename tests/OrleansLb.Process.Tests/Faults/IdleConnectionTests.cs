using System.Globalization;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Load;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>What becomes of connections that say nothing while silos and Redis die.</summary>
public sealed class IdleConnectionTests
{
    private const string Fault = "kill -9 of each silo in turn, and Redis is killed and comes back, while clients keep idle connections";

    // Both ends of them are on this machine, but in different processes; 10,000 are within what each may open nearly everywhere.
    private const int ForEachFrontend = 5_000;

    [Fact]
    public async Task SilosAndRedisDie_NoIdleConnectionIsClosed_AndAllAnswerAfterwards()
    {
        await using var cluster = await ProcessCluster.Start();
        using var idle = new IdleConnections();
        foreach (var frontend in cluster.Frontends)
            await idle.Open(frontend.Address, ForEachFrontend);

        foreach (var silo in cluster.Silos.ToArray())
        {
            await silo.Kill();
            cluster.Restart(silo);
            await cluster.IsReady();
        }

        Assert.Equal("+OK", await cluster.Redis!.Ask("SAVE"));
        await cluster.Redis.Kill();
        await cluster.RestartRedis();
        await PoolCounts.BecomeRight(cluster);

        var (ended, answering) = (idle.Ended(), await idle.Answering());
        FaultFigures.Say(FaultRows.IdleConnections, Fault, "connections closed", string.Create(CultureInfo.InvariantCulture, $"{ended} of {idle.Count:N0}"), "0", "0");
        FaultFigures.Say(FaultRows.IdleConnections, Fault, "connections that answer afterwards", string.Create(CultureInfo.InvariantCulture, $"{answering:N0} of {idle.Count:N0}"), "all", "all");
        Assert.Equal(0, ended);
        Assert.Equal(idle.Count, answering);
    }
}
