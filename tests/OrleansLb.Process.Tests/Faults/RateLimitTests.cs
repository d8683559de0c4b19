using OrleansLb.Process.Tests.Load;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

public sealed class RateLimitTests
{
    private const int Frontends = 3;

    private const double LeastUse = 0.95;

    private static readonly TimeSpan WithoutFaults = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FrontendDies = TimeSpan.FromSeconds(80);
    private static readonly TimeSpan Run = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan LongestWindow = LimitedPolicies.All.Max(static policy => policy.Window);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task EveryAlgorithmAndMode_TenTimesTheLimitSplitUnevenly_IsNeverExceededAndIsUsed_ThroughDeathsOfASiloAndAFrontend()
    {
        await using var cluster = await ProcessCluster.Start(frontends: Frontends, configure: LimitedPolicies.AddTo);
        await using var load = LimitedPolicies.Load(cluster.Frontends);
        // What a window admits all at once when it is asked for the first time is over then, and what the algorithm takes off the next for it.
        var began = await AllAdmit(load, cluster) + LongestWindow;

        await Passed(load, began + LongestWindow + WithoutFaults);
        var siloDied = load.Elapsed;
        await cluster.Silos[0].Kill();
        await Passed(load, began + FrontendDies);
        var (died, doomed) = (load.Elapsed, cluster.Frontends[1]);
        await doomed.Kill();
        cluster.Restart(doomed);
        await cluster.IsReady();
        var returned = load.Elapsed;
        await Passed(load, began + LongestWindow + Run);
        var outcomes = await load.Stop();

        AssertNoneFailed(outcomes, outcome => outcome.Target.Port == doomed.Address.Port && outcome.At <= returned && outcome.AnsweredAt >= died);
        var answer = Median(outcomes.Where(static outcome => outcome.Status == 429).Select(static outcome => outcome.Duration));
        TestContext.Current.SendDiagnosticMessage($"half of all refusals came within {answer.TotalMilliseconds:F1} ms; the front-end was back after {(returned - died).TotalSeconds:F1} s");
        var admitted = LimitedPolicies.Admitted(outcomes);
        var seen = LimitedPolicies.All.Select(policy => Use.Of(policy, [.. admitted[policy.Name]], began, siloDied)).ToList();
        foreach (var use in seen)
            TestContext.Current.SendDiagnosticMessage(use.ToString());

        Assert.All(seen, static use => Assert.True(use.Excess <= 0, $"More than allowed: {use}"));
        Assert.All(seen, static use => Assert.True(use.WithoutFaults >= LeastUse, $"Too little used without faults: {use}"));
        Assert.All(seen, static use => Assert.True(use.OfAll >= LeastUse, $"Too little used of all: {use}"));
        Assert.All(LimitedPolicies.All, policy => Assert.Contains(outcomes, outcome => outcome.Status == 429 && LimitedPolicies.NameOf(outcome) == policy.Name));
    }

    /// <summary>What became of one policy.</summary>
    /// <param name="Policy">The policy.</param>
    /// <param name="WithoutFaults">What was admitted before anything died, as a part of what may be.</param>
    /// <param name="OfAll">The same of the whole run.</param>
    /// <param name="Excess">By how many the worst of all intervals exceeds what is allowed.</param>
    /// <param name="Outage">The longest time without an admission after the silo died.</param>
    private sealed record Use(LimitedPolicy Policy, double WithoutFaults, double OfAll, double Excess, TimeSpan Outage)
    {
        public static Use Of(LimitedPolicy policy, List<RequestOutcome> admitted, TimeSpan began, TimeSpan siloDied)
        {
            // By when they were answered: a busy machine sends late what was due long before.
            var times = admitted.Select(static outcome => outcome.AnsweredAt).Order().ToList();
            // Windows admit in bursts, and an interval that begins or ends within one has a part too much or too little: so the average of all intervals that begin within a window.
            double Part(TimeSpan time)
            {
                var end = began + policy.Window + time;
                var averaged = times.Sum(at => Math.Clamp(Math.Min((at - began) / policy.Window, (end - at) / policy.Window), 0, 1));
                return averaged / policy.Allowed(time);
            }

            var after = times.Where(at => at >= siloDied && at < began + FrontendDies).Prepend(siloDied).ToList();
            var outage = after.Zip(after.Skip(1), static (one, next) => next - one).Max();
            return new Use(policy, Part(RateLimitTests.WithoutFaults), Part(Run), policy.Excess(admitted), outage);
        }

        public override string ToString() =>
            $"{Policy.Name}: {WithoutFaults:P1} admitted of 30 s without a fault, {OfAll:P1} of 120 s in which a silo and a front-end died, "
            + $"worst excess {Excess:F2}, nothing for {Outage.TotalSeconds:F1} s after the silo died";
    }

    private static TimeSpan Median(IEnumerable<TimeSpan> times)
    {
        var ordered = times.Order().ToList();
        return ordered[ordered.Count / 2];
    }

    /// <summary>When every policy has admitted something: a range that was never used asks every front-end what it knows before it does.</summary>
    private static async Task<TimeSpan> AllAdmit(OpenLoopLoad load, ProcessCluster cluster)
    {
        await Eventually.Holds(
            "every policy admits something",
            Patience,
            () => Task.FromResult(LimitedPolicies.Admitted(load.Outcomes).Count == LimitedPolicies.All.Count),
            cluster.Logs);
        return load.Elapsed;
    }

    private static Task<TimeSpan> Passed(OpenLoopLoad load, TimeSpan time) =>
        Eventually.Holds($"{time} of the run are over", time + Patience, () => Task.FromResult(load.Elapsed >= time));

    private static void AssertNoneFailed(IReadOnlyCollection<RequestOutcome> outcomes, Predicate<RequestOutcome> mayFail)
    {
        var failed = outcomes.Where(outcome => outcome.Failed && !mayFail(outcome)).ToList();
        Assert.True(failed.Count == 0, $"{failed.Count} of {outcomes.Count} failed, first: {failed.FirstOrDefault()}");
    }
}
