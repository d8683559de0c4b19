using System.Diagnostics;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Load;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

public sealed class FrontendDeathTests
{
    private const string Killed = "kill -9 of one front-end of two";
    private const string Terminated = "SIGTERM to one front-end of two";
    private const int Held = 30;
    private const int RequestsPerSecond = 200;

    // The bars are 1 s and 2 s, and the figures show them; a busy test machine gets more.
    private static readonly TimeSpan GoneLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly List<TimeSpan> _gone = [];
    private readonly List<TimeSpan> _servingAfter = [];

    [Fact]
    public async Task KillAndTerminate_Frontend_OnlyRequestsInFlightAtTheKilledOneFail_AndItsCountsLeaveTheTotalsSoon()
    {
        await using var cluster = await ProcessCluster.Start(frontendSettings: ConnectionBalancer.Grace);
        await using var balancer = new ConnectionBalancer(cluster);
        await using var load = new OpenLoopLoad(RequestsPerSecond, [new Uri(ConnectionBalancer.Address, "/delay/20")], connect: balancer.Connect);
        var (kills, stops) = (new List<(TimeSpan From, TimeSpan To)>(), new List<(TimeSpan From, TimeSpan To)>());

        for (var round = 0; round < Rounds.Count(fallback: 1); round++)
        {
            kills.Add(await Kill(cluster, cluster.Frontends[round % 2], load));
            stops.Add(await Terminate(cluster, cluster.Frontends[round % 2], load));
        }

        var outcomes = await load.Stop();
        bool IsInFlightAtAKill(RequestOutcome outcome) => kills.Exists(kill => Failures.Spans(outcome, kill.From, kill.To));
        var others = outcomes.Where(outcome => !IsInFlightAtAKill(outcome)).ToList();
        FaultFigures.Say("F3", Killed, "failed requests that were in flight at it", $"{outcomes.Count(static outcome => outcome.Failed) - others.Count(static outcome => outcome.Failed)} in {kills.Count} kills", "all in flight", "-");
        FaultFigures.Say("F3", Killed, "other failed requests", Seen.Failed(others), "0", "0");
        FaultFigures.Say("F3", Killed, $"until its {Held} held requests are out of the counts, longest of {_gone.Count}", Seen.Seconds(_gone.Max()), "1 s", "0.3 to 1 s");
        FaultFigures.Say("F3", Killed, $"start until the first answer, longest of {_servingAfter.Count}", Seen.Seconds(_servingAfter.Max()), "2 s", "-");
        FaultFigures.Say("F3", Terminated, "failed requests while it ends", Seen.Failed([.. outcomes.Where(outcome => stops.Exists(stop => Failures.Spans(outcome, stop.From, stop.To)))]), "0", "0");
        Failures.AssertNone(others, cluster);
        Assert.True(_gone.Max() <= GoneLimit, $"The counts left after {_gone.Max()}.");
        Assert.True(_servingAfter.Max() <= StartLimit, $"It served after {_servingAfter.Max()}.");
    }

    /// <summary>Kills one that has requests in flight and starts it again.</summary>
    /// <returns>When it was killed, by the load's clock.</returns>
    private async Task<(TimeSpan From, TimeSpan To)> Kill(ProcessCluster cluster, FrontendProcess doomed, OpenLoopLoad load)
    {
        using var client = new HttpClient();
        var requests = Hold(client, doomed, TimeSpan.FromSeconds(50));
        await Eventually.Holds("the cluster counts the held requests", TimeSpan.FromSeconds(20), async () =>
            await cluster.GetStatus() is { } status && status.RequestsInFlight("app", doomed.Name) >= Held, cluster.Logs);

        var (from, killed) = (load.Elapsed, Stopwatch.GetTimestamp());
        await doomed.Kill();
        var to = load.Elapsed;
        await Eventually.Holds("the dead front-end's counts are gone", TimeSpan.FromSeconds(20), async () =>
            await cluster.GetStatus() is { } status && status.StateOf("app", cluster.Backends[0].Name) is not null && status.RequestsInFlight("app", doomed.Name) == 0, cluster.Logs);
        _gone.Add(Stopwatch.GetElapsedTime(killed));
        foreach (var request in requests)
            await Assert.ThrowsAsync<HttpRequestException>(() => request);

        var next = cluster.Restart(doomed);
        _servingAfter.Add(await Eventually.Holds("it serves again", StartLimit * 2, async () => await cluster.TryGet(next.Address) is not null, () => next.Output));
        await cluster.IsReady();
        // It serves from its snapshot before it has found a silo to tell.
        await PoolCounts.BecomeRight(cluster);
        return (from, to);
    }

    /// <summary>Ends one that has requests in flight in good order and starts it again.</summary>
    /// <returns>While it ended, by the load's clock.</returns>
    private static async Task<(TimeSpan From, TimeSpan To)> Terminate(ProcessCluster cluster, FrontendProcess leaving, OpenLoopLoad load)
    {
        using var client = new HttpClient();
        var requests = Hold(client, leaving, TimeSpan.FromSeconds(3));
        await Eventually.Holds("the cluster counts the held requests", TimeSpan.FromSeconds(20), async () =>
            await cluster.GetStatus() is { } status && status.RequestsInFlight("app", leaving.Name) >= Held, cluster.Logs);

        var from = load.Elapsed;
        leaving.Signal(PosixSignals.Terminate);
        Assert.All(await Task.WhenAll(requests), static answer => answer.EnsureSuccessStatusCode());
        Assert.Equal(0, await leaving.WaitForExit(TimeSpan.FromSeconds(30)));
        var to = load.Elapsed;
        cluster.Restart(leaving);
        await cluster.IsReady();
        return (from, to);
    }

    private static Task<HttpResponseMessage>[] Hold(HttpClient client, FrontendProcess frontend, TimeSpan time) =>
        [.. Enumerable.Range(0, Held).Select(_ => client.GetAsync(new Uri(frontend.Address, $"/delay/{time.TotalMilliseconds:F0}"), TestContext.Current.CancellationToken))];
}
