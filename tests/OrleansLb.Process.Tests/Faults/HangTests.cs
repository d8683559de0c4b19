using System.Diagnostics;
using System.Text.RegularExpressions;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Load;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>A silo, a backend and a front-end stand still for ten seconds and go on as if nothing had been.</summary>
public sealed partial class HangTests
{
    private const string Silo = "the silo that holds the pool hangs for 10 s (SIGSTOP)";
    private const string Backend = "a backend of three hangs for 10 s";
    private const string Frontend = "a front-end of two hangs for 10 s";
    private const double RequestsPerSecond = 100;
    private const int MostRounds = 3;

    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // The bar is 8 s, and the figures show it; a busy test machine gets twice that.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(16);

    private readonly List<TimeSpan> _withoutSilo = [];
    private readonly List<TimeSpan> _siloEnded = [];
    private readonly List<TimeSpan> _frontendBack = [];
    private readonly List<(TimeSpan From, TimeSpan To)> _hangs = [];
    private readonly List<(TimeSpan From, TimeSpan To)> _deaths = [];

    [Fact]
    public async Task Freeze_SiloBackendAndFrontend_OnlyRequestsThroughTheFrontendMayFail_AndNothingStaleIsServed()
    {
        await using var cluster = await ProcessCluster.Start(configure: LimitedKeys.AddTo);
        var frozen = cluster.Frontends[1];
        await using var load = new OpenLoopLoad(RequestsPerSecond, cluster.Frontends.Select(static frontend => new Uri(frontend.Address, "/")));
        await using var limited = new LimitedKeys(cluster);
        await limited.AllAreAdmitted();
        await Eventually.Holds("every backend is Up", Patience, async () =>
            await cluster.GetStatus() is { } status && cluster.Backends.TrueForAll(backend => status.StateOf("app", backend.Name) == "Up"), cluster.Logs);

        for (var round = 1; round <= Math.Min(Rounds.Count(fallback: 1), MostRounds); round++)
        {
            await FreezeSilo(cluster, load);
            await FreezeBackend(cluster, load);
            await FreezeFrontend(cluster, frozen, load);
        }

        // Who asked the frozen front-end waited for it; everybody else did not notice.
        var (outcomes, ofLimits) = (await load.Stop(), await limited.StopAndCheck(Hang + Bound));
        bool IsExcused(RequestOutcome outcome) => _deaths.Exists(death => Failures.Spans(outcome, death.From, death.To))
            || (outcome.Target.Port == frozen.Address.Port && _hangs.Exists(hang => Failures.Spans(outcome, hang.From, hang.To)));
        var others = outcomes.Concat(ofLimits).Where(outcome => !IsExcused(outcome)).ToList();
        FaultFigures.Say("F16", "all of these", "failed requests, but those through the front-end while it hangs and those in flight at a backend that dies", Seen.Failed(others), "0", "0");
        FaultFigures.Say("F16", "all of these", "permits that a key got above its limit, at most", Seen.Excess(limited.WorstExcess), "0", "0");
        FaultFigures.Say("F16", Silo, $"longest until counts are right without it, of {_withoutSilo.Count}", Seen.Seconds(_withoutSilo.Max()), "8 s", "-");
        FaultFigures.Say("F16", Silo, $"it goes on until it has ended, because the others have buried it, longest of {_siloEnded.Count}", Seen.Seconds(_siloEnded.Max()), "-", "-");
        FaultFigures.Say("F16", Silo, "what it believed of a backend that died meanwhile and a front-end then followed", "0 times", "0", "0");
        FaultFigures.Say("F16", Backend, "changes of its state that a front-end followed", "2", "2", "-");
        FaultFigures.Say("F16", Frontend, $"it goes on until counts are right, longest of {_frontendBack.Count}", Seen.Seconds(_frontendBack.Max()), "-", "-");
        Failures.AssertNone(others, cluster);
        Assert.True(_withoutSilo.Max() <= Bound, $"Counts were wrong for {_withoutSilo.Max()}.");
        Assert.True(_frontendBack.Max() <= Bound, $"Counts were wrong for {_frontendBack.Max()}.");
    }

    /// <summary>A backend dies while the silo that watches it hangs: what the silo believes when it goes on is wrong, and nobody may follow it.</summary>
    private async Task FreezeSilo(ProcessCluster cluster, OpenLoopLoad load)
    {
        await PoolCounts.BecomeRight(cluster);
        var hanging = await PoolCounts.Holder(cluster);
        var doomed = cluster.Backends[0];
        var (ended, began) = (load.Elapsed + Hang, Stopwatch.GetTimestamp());
        hanging.Signal(PosixSignals.Stop);
        cluster.Silos.Remove(hanging);
        try
        {
            await PoolCounts.BecomeRight(cluster);
            _withoutSilo.Add(Stopwatch.GetElapsedTime(began));
            var killing = load.Elapsed;
            await doomed.Kill();
            _deaths.Add((killing, load.Elapsed));
            await Reaches(cluster, doomed, "Down");
            await Passes(load, ended);
            var before = Changes(cluster, doomed);
            hanging.Signal(PosixSignals.Continue);
            var goesOn = Stopwatch.GetTimestamp();
            await hanging.WaitForExit(Patience);
            _siloEnded.Add(Stopwatch.GetElapsedTime(goesOn));
            Assert.Equal(before, Changes(cluster, doomed));
        }
        finally
        {
            await hanging.DisposeAsync();
        }

        cluster.Silos.Add(cluster.StartSilo(hanging.Name));
        cluster.Restart(doomed);
        await cluster.IsReady();
        await Reaches(cluster, doomed, "Up");
    }

    private static async Task FreezeBackend(ProcessCluster cluster, OpenLoopLoad load)
    {
        var hanging = cluster.Backends[1];
        var before = Changes(cluster, hanging);
        var ends = load.Elapsed + Hang;
        hanging.Signal(PosixSignals.Stop);
        await Passes(load, ends);
        await Reaches(cluster, hanging, "Down");
        hanging.Signal(PosixSignals.Continue);
        await Reaches(cluster, hanging, "Up");
        await Eventually.Holds("front-ends have followed", Patience, () => Task.FromResult(Changes(cluster, hanging).Zip(before).All(static pair => pair.First >= pair.Second + 2)), cluster.Logs);
        await Passes(load, load.Elapsed + TimeSpan.FromSeconds(3));
        Assert.Equal(before.Select(static count => count + 2), Changes(cluster, hanging));
    }

    private async Task FreezeFrontend(ProcessCluster cluster, FrontendProcess hanging, OpenLoopLoad load)
    {
        await PoolCounts.BecomeRight(cluster);
        var began = load.Elapsed;
        hanging.Signal(PosixSignals.Stop);
        await Eventually.Holds("it is no member any more", Patience, async () => (await cluster.GetStatus())?.FrontendCount() == cluster.Frontends.Count - 1, cluster.Logs);
        await Passes(load, began + Hang);
        hanging.Signal(PosixSignals.Continue);
        _frontendBack.Add(await PoolCounts.BecomeRight(cluster));
        _hangs.Add((began, load.Elapsed));
    }

    private static Task<TimeSpan> Reaches(ProcessCluster cluster, BackendProcess backend, string state) => Eventually.Holds(
        $"{backend.Name} is {state}", Patience, async () => (await cluster.GetStatus())?.StateOf("app", backend.Name) == state, cluster.Logs);

    private static Task<TimeSpan> Passes(OpenLoopLoad load, TimeSpan until) =>
        Eventually.Holds($"{until} of the load are over", Hang + Patience, () => Task.FromResult(load.Elapsed >= until));

    /// <summary>How often each front-end has said that the backend's state changed.</summary>
    private static int[] Changes(ProcessCluster cluster, BackendProcess backend) =>
        [.. cluster.Frontends.Select(frontend => ChangeLine().Matches(frontend.Output).Count(match => match.Groups["backend"].Value == backend.Name))];

    [GeneratedRegex(@"Backend app/(?<backend>\w+) went from \w+ to \w+ here\.")]
    private static partial Regex ChangeLine();
}
