using OrleansLb.Process.Tests.Load;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

public sealed class RateLimitTests
{
    private const double LeastUse = 0.95;

    private static readonly TimeSpan WithoutFaults = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FrontendDies = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Run = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task EveryAlgorithmAndMode_TenTimesTheLimitSplitUnevenly_IsNeverExceededAndIsUsed_ThroughDeathsOfASiloAndAFrontend()
    {
        await using var cluster = await ProcessCluster.Start(frontends: 3, configure: LimitedPolicies.AddTo);
        await using var load = LimitedPolicies.Load(cluster.Frontends);
        var began = await AllAdmit(load, cluster);

        await Passed(load, began + WithoutFaults);
        await cluster.Silos[0].Kill();
        await Passed(load, began + FrontendDies);
        var (dying, doomed) = (load.Elapsed, cluster.Frontends[0]);
        await doomed.Kill();
        cluster.Restart(doomed);
        await cluster.IsReady();
        var alive = load.Elapsed;
        await Passed(load, began + Run);
        var outcomes = await load.Stop();

        AssertNoneFailed(outcomes, outcome => outcome.Target.Port == doomed.Address.Port && outcome.At <= alive && outcome.At + outcome.Duration >= dying);
        var admitted = LimitedPolicies.Admitted(outcomes);
        var faults = LimitedPolicies.All.SelectMany(policy => FaultsOf(policy, [.. admitted[policy.Name]], began)).ToList();
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.All(LimitedPolicies.All, policy => Assert.Contains(outcomes, outcome => outcome.Status == 429 && LimitedPolicies.NameOf(outcome) == policy.Name));
    }

    private static IEnumerable<string> FaultsOf(LimitedPolicy policy, List<RequestOutcome> admitted, TimeSpan began)
    {
        double UseOf(TimeSpan time) => admitted.Count(outcome => outcome.At >= began && outcome.At < began + time) / policy.Allowed(time);
        var (excess, use, useOfAll) = (policy.Excess(admitted), UseOf(WithoutFaults), UseOf(Run));
        TestContext.Current.SendDiagnosticMessage(
            $"{policy.Name}: {use:P1} admitted of 30 s without a fault, {useOfAll:P1} of 120 s in which a silo and a front-end died, worst excess {excess:F2}");
        if (excess > 0)
            yield return $"{policy.Name}: {excess} more were admitted than it allows.";
        if (use < LeastUse || useOfAll < LeastUse)
            yield return $"{policy.Name}: only {use:P1} of 30 s without a fault and {useOfAll:P1} of all were used.";
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
