using OrleansLb.Process.Tests.Load;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

public sealed class BackendDeathTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(0.5);
    private const int Threshold = 3;

    [Fact]
    public async Task Kill_Backend_NoFrontendSendsItARequestHalfASecondAfterItsFirstRefusal()
    {
        await using var cluster = await ProcessCluster.Start();
        await using var load = new OpenLoopLoad(200, cluster.Frontends.Select(static frontend => new Uri(frontend.Address, "/")));
        var doomed = cluster.Backends[0];
        await Eventually.Holds("every backend has answered", TimeSpan.FromSeconds(20), () =>
            Task.FromResult(cluster.Backends.All(backend => load.Outcomes.Any(outcome => outcome.Backend == backend.Name))), cluster.Logs);

        await doomed.Kill();
        await Eventually.Holds("the cluster calls it Down", TimeSpan.FromSeconds(10), async () =>
            (await cluster.GetStatus())?.StateOf("app", doomed.Name) == "Down", cluster.Logs);
        var down = load.Elapsed;

        var back = cluster.Restart(doomed);
        await Eventually.Holds("it is Up again after two successes", TimeSpan.FromSeconds(20), async () =>
            (await cluster.GetStatus())?.StateOf("app", back.Name) == "Up", cluster.Logs);
        await Eventually.Holds("it answers again", TimeSpan.FromSeconds(10), () =>
            Task.FromResult(load.Outcomes.Any(outcome => outcome.Backend == back.Name && outcome.At > down)), cluster.Logs);

        var outcomes = await load.Stop();
        var failed = outcomes.Where(static outcome => outcome.Failed).ToList();
        // A request whose connection broke while it was being answered may fail; one that was refused may not.
        Assert.True(failed.Count <= 8, $"{failed.Count} of {outcomes.Count} failed, first: {failed.FirstOrDefault()}");
    }

    [Fact]
    public async Task Stop_HangingBackend_GetsNoNewRequestAfterTheBar()
    {
        await using var cluster = await ProcessCluster.Start();
        var hanging = cluster.Backends[0];
        await Eventually.Holds("it is Up", TimeSpan.FromSeconds(20), async () =>
            (await cluster.GetStatus())?.StateOf("app", hanging.Name) == "Up", cluster.Logs);
        await using var load = new OpenLoopLoad(100, cluster.Frontends.Select(static frontend => new Uri(frontend.Address, "/")));
        await Eventually.Holds("it answers", TimeSpan.FromSeconds(20), () =>
            Task.FromResult(load.Outcomes.Any(outcome => outcome.Backend == hanging.Name)), cluster.Logs);

        hanging.Signal(PosixSignals.Stop);
        var bar = (Interval * 1.1) + (Threshold * (Timeout + TimeSpan.FromSeconds(0.5))) + Timeout + TimeSpan.FromSeconds(1);
        var frozen = load.Elapsed;
        await Eventually.Holds("the bar has passed under load", bar + TimeSpan.FromSeconds(30), () =>
            Task.FromResult(load.Outcomes.Any(outcome => outcome.At > frozen + bar + TimeSpan.FromSeconds(2))), cluster.Logs);
        hanging.Signal(PosixSignals.Continue);

        var outcomes = await load.Stop();
        // Requests that it had accepted are answered once it thaws: they show which were sent to it, and when they were due.
        var late = outcomes.Where(outcome => outcome.Backend == hanging.Name && outcome.At > frozen + bar && outcome.At < frozen + bar + TimeSpan.FromSeconds(1.5)).ToList();
        Assert.True(late.Count == 0, $"{late.Count} requests reached it after {bar}, first: {late.FirstOrDefault()}\n{cluster.Logs()}");
    }
}
