using System.Diagnostics;
using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Load;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

public sealed class SiloDeathTests
{
    private const int Repetitions = 10;
    private const double RequestsPerSecond = 200;
    // The product's bar is 3 s, and the figures below show it; a busy test machine gets twice that.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(6);

    // A front-end that is cut off serves its share of a limit after this time.
    private static readonly TimeSpan AloneAfter = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Kill_OneSiloOfThree_TenTimes_NoRequestFailsAndCountsAreRightWithinThreeSeconds()
    {
        await using var cluster = await ProcessCluster.Start(configure: LimitedKeys.AddTo);
        await using var load = new OpenLoopLoad(RequestsPerSecond, cluster.Frontends.Select(static frontend => new Uri(frontend.Address, "/delay/20")));
        await using var limited = new LimitedKeys(cluster);
        var worst = TimeSpan.Zero;
        await limited.AllAreAdmitted();

        for (var repetition = 1; repetition <= Repetitions; repetition++)
        {
            await Eventually.Holds("all front-ends exchange", TimeSpan.FromSeconds(30), () => CountsAreRight(cluster), cluster.Logs);
            var doomed = cluster.Silos[repetition % cluster.Silos.Count];
            await doomed.Kill();
            var killed = Stopwatch.GetTimestamp();
            cluster.Silos.Remove(doomed);
            await Eventually.Holds("counts are right again", TimeSpan.FromSeconds(30), () => CountsAreRight(cluster), cluster.Logs);
            var recovered = Stopwatch.GetElapsedTime(killed);
            TestContext.Current.SendDiagnosticMessage($"repetition {repetition}: counts right after {recovered.TotalMilliseconds:F0} ms");
            worst = recovered > worst ? recovered : worst;

            cluster.Silos.Add(cluster.StartSilo(doomed.Name));
            await cluster.IsReady();
        }

        var outcomes = await load.Stop();
        AssertNoneFailed([.. outcomes, .. await limited.StopAndCheck(Bound)], static _ => false, cluster);
        Assert.True(worst <= Bound, $"Worst of {Repetitions}: {worst}.");
    }

    [Fact]
    public async Task Kill_AllSilos_NoRequestFails_AndTheyReconcileWhenSilosReturn()
    {
        await using var cluster = await ProcessCluster.Start(configure: LimitedKeys.AddTo);
        await using var load = new OpenLoopLoad(RequestsPerSecond, cluster.Frontends.Select(static frontend => new Uri(frontend.Address, "/")));
        await using var limited = new LimitedKeys(cluster);
        await limited.AllAreAdmitted();
        await Eventually.Holds("all front-ends exchange", TimeSpan.FromSeconds(30), () => CountsAreRight(cluster), cluster.Logs);

        foreach (var silo in cluster.Silos)
            await silo.Kill();
        cluster.Silos.Clear();
        foreach (var frontend in cluster.Frontends)
        {
            await Eventually.Holds($"{frontend.Name} says in its log and its metric that it is on its own", TimeSpan.FromSeconds(30), async () =>
                frontend.Output.Contains("No silo has answered", StringComparison.Ordinal)
                && await cluster.TryGet(new Uri(frontend.Status, "/metrics")) is { } metrics
                && metrics.Split('\n').Any(static line => line.StartsWith("orleanslb_cluster_connected", StringComparison.Ordinal) && line.TrimEnd().EndsWith(" 0", StringComparison.Ordinal)), () => frontend.Output);
            Assert.Contains("alone", await cluster.TryGet(new Uri(frontend.Status, "/readyz?verbose")), StringComparison.Ordinal);
        }

        await Eventually.Holds("limits are served alone, and refusals without the cluster are counted apart", TimeSpan.FromSeconds(30), async () =>
            await LimitDecisions.Of(cluster) is { AdmittedAlone: > 0, RejectedAlone: > 0, Unavailable: > 0 }, cluster.Logs);

        // Without silos, a backend dies: the front-ends find out by themselves.
        var (killing, killingLimited) = (load.Elapsed, limited.Elapsed);
        await cluster.Backends[0].Kill();
        var (killed, killedLimited) = (load.Elapsed, limited.Elapsed);

        for (var number = 1; number <= 3; number++)
            cluster.Silos.Add(cluster.StartSilo($"silo-{number}"));
        await cluster.IsReady();
        await Eventually.Holds("front-ends are back without a restart", TimeSpan.FromSeconds(60), () => CountsAreRight(cluster), cluster.Logs);
        await Eventually.Holds("the cluster sees the dead backend", TimeSpan.FromSeconds(30), async () =>
            (await cluster.GetStatus())?.StateOf("app", cluster.Backends[0].Name) == "Down", cluster.Logs);

        // Only a request that was in flight at the backend that died may fail with it.
        static bool Spans(RequestOutcome outcome, TimeSpan killing, TimeSpan killed) => outcome.At <= killed && outcome.At + outcome.Duration >= killing;
        AssertNoneFailed(await load.Stop(), outcome => Spans(outcome, killing, killed), cluster);
        AssertNoneFailed(await limited.StopAndCheck(AloneAfter + Bound), outcome => Spans(outcome, killingLimited, killedLimited), cluster);
    }

    private static void AssertNoneFailed(IReadOnlyCollection<RequestOutcome> outcomes, Predicate<RequestOutcome> mayFail, ProcessCluster cluster)
    {
        var failed = outcomes.Where(outcome => outcome.Failed && !mayFail(outcome)).ToList();
        Assert.True(failed.Count == 0, $"{failed.Count} of {outcomes.Count} failed, first: {failed.FirstOrDefault()}\n{cluster.Logs()}");
    }

    /// <summary>Every front-end is registered, every pool has heard from all of them, and the totals are the sum of the rows.</summary>
    private static async Task<bool> CountsAreRight(ProcessCluster cluster)
    {
        if (await cluster.GetStatus() is not { } status || status.FrontendCount() != cluster.Frontends.Count)
            return false;
        if (status["pools"]!.AsArray().SingleOrDefault() is not { } pool)
            return false;
        var byFrontend = cluster.Frontends.Sum(frontend => status.RequestsInFlight("app", frontend.Name));
        return pool["complete"]!.GetValue<bool>() && byFrontend == status.RequestsInFlight("app") && HasRowsOf(pool, cluster.Frontends);
    }

    private static bool HasRowsOf(JsonNode pool, IEnumerable<FrontendProcess> frontends)
    {
        var reporting = pool["frontends"]!.AsArray().Select(static node => node!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        return frontends.All(frontend => reporting.Contains(frontend.Name));
    }
}
