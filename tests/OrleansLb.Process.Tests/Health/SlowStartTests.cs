using Microsoft.AspNetCore.Http;
using OrleansLb.Process.Tests.Processes;
using OrleansLb.Process.Tests.Shared;

namespace OrleansLb.Process.Tests.Health;

/// <summary>The ramp of a backend that comes back, on the clock of the cluster.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class SlowStartTests(SharedCluster cluster)
{
    private const string Pool = "SlowStart";

    // The backend's part grows by 3.5 a second, to a third of them after a minute.
    private const int Requests = 420;
    private const int NearTheEnd = 100;

    // Of a ramp that began with the restart of a front-end, which takes some seconds, it would lack more than that for ever.
    private const int Alike = 6;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Ramp_OfABackendThatComesBack_GrowsAtBothFrontendsAndAtOneThatRestarts()
    {
        var backends = await CheckedBackend.StartMany(3);
        var pool = SharedCluster.PoolOf(backends);
        (pool["OrleansLb"]!["SlowStart"], pool["OrleansLb"]!["SlowStartMinPercent"]) = ("00:01:00", 1);
        await cluster.Serve((Pool, pool));
        backends[0].OnProbe = Fail;
        await cluster.Becomes(Pool, "b1", "Down", "status 503");
        await cluster.BothAvoid(Pool, "b1");

        backends[0].OnProbe = static _ => Task.CompletedTask;
        await cluster.Becomes(Pool, "b1", "Up", "2 probes in a row answered");
        var early = await BothCount();
        var restarted = cluster.Processes.Frontends[1];
        await restarted.Kill();
        await cluster.Restart(restarted);

        // Where a machine is slow, the other may be asked some seconds later than the first.
        var late = early;
        await Eventually.Holds(
            "both give it alike and more than twice as much, long before the end",
            Soon,
            async () => (late = await BothCount()).Max() < NearTheEnd && late.Max() - late.Min() <= Alike && late.Min() > Math.Max(2 * early.Max(), Alike),
            () => $"They gave it {early[0]} and {early[1]}, and give it {late[0]} and {late[1]} of {Requests}.\n{cluster.Processes.Logs()}");
        TestContext.Current.SendDiagnosticMessage($"{early[0]} and {early[1]} of {Requests} requests at first, {late[0]} and {late[1]} after a restart");
        cluster.Forget(Pool);
        foreach (var backend in backends)
            await backend.DisposeAsync();
    }

    private static Task Fail(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    /// <summary>How many requests each front-end gives to the backend, counted at the same time.</summary>
    private async Task<int[]> BothCount()
    {
        var counts = new int[2];
        await SharedCluster.ByBoth(async frontend => counts[frontend] = (await cluster.Shares(frontend, Pool, Requests)).GetValueOrDefault("b1"));
        return counts;
    }
}
