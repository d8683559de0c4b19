using OrleansLb.Core.Snapshots;
using OrleansLb.Core.Tests.RateLimiting.Simulation;

namespace OrleansLb.Core.Tests.RateLimiting;

/// <summary>
/// Requests that this limit admits and another one refuses, under the same faults as all others. What went on is judged by the definition of the limit
/// alone: what came back may make room, and never more than if it had not been taken.
/// </summary>
public sealed class GivenBackSimulationTests
{
    private static readonly RateLimitMode[] Modes = [RateLimitMode.Exact, RateLimitMode.Leased, RateLimitMode.Auto];

    [Fact]
    public void TokenBucket_HeldChargesComeBack_NoIntervalExceedsTheEnvelope() =>
        EachSeed(600, LimitPlans.TokenBucket, static (history, plan) => history.EnvelopeExcess(plan.Rule));

    [Fact]
    public void FixedWindow_HeldChargesComeBack_RuleHoldsAtEveryAdmission() =>
        EachSeed(600, static (seed, mode) => LimitPlans.Window(seed, RateLimitAlgorithm.FixedWindow, mode), static (history, plan) => history.WindowExcess(plan.Rule));

    [Fact]
    public void SlidingWindowCounter_HeldChargesComeBack_RuleHoldsAtEveryAdmission() =>
        EachSeed(600, static (seed, mode) => LimitPlans.Window(seed, RateLimitAlgorithm.SlidingWindowCounter, mode), static (history, plan) => history.WindowExcess(plan.Rule));

    [Fact]
    public void SlidingWindowLog_HeldChargesComeBack_NoIntervalOfAWindowExceedsTheLimit() =>
        EachSeed(600, static (seed, mode) => LimitPlans.Window(seed, RateLimitAlgorithm.SlidingWindowLog, mode), static (history, plan) =>
            history.MostIn(LimitPlans.SureWindow(plan.Rule)) - plan.Rule.PermitLimit);

    [Fact]
    public void LeakyBucket_HeldChargesComeBack_DeparturesAreATurnApart() =>
        EachSeed(600, LimitPlans.Queue, static (history, plan) => history.EnvelopeExcess(plan.LargestCost, plan.Rule.Rate));

    [Fact]
    public void TokenBucket_PartitionedFrontendsHoldCharges_NoIntervalExceedsTheEnvelope() =>
        EachSeed(200, static (seed, mode) => LimitPlans.Partitioned(LimitPlans.TokenBucket(seed, mode), seed), static (history, plan) => history.EnvelopeExcess(plan.Rule));

    [Fact]
    public void FixedWindow_PartitionedFrontendsHoldCharges_NoWindowOfTheRangeExceedsTheLimit() =>
        EachSeed(
            200,
            static (seed, mode) => LimitPlans.Partitioned(LimitPlans.Window(seed, RateLimitAlgorithm.FixedWindow, mode), seed) with { GrainKills = 0 },
            static (history, plan) => history.WindowExcess(plan.Rule));

    private static void EachSeed(int seeds, Func<int, RateLimitMode, SimulationPlan> planOf, Func<AdmissionHistory, SimulationPlan, double> excessOf)
    {
        var total = 0L;
        for (var seed = 0; seed < seeds; seed++)
        {
            var plan = planOf(seed, Modes[seed % 3]) with { Held = 0.2 + (0.2 * (seed % 5)), LargestCost = 1 + (seed % 2 * (seed % 4)), GrainKills = seed % 4 / 3, FrontendKills = seed % 5 / 4 };
            var history = LimitSimulation.Run(plan);
            var excess = excessOf(history, plan);
            Assert.True(excess <= 1e-6, $"seed {seed}: {excess} over");
            total += history.Total;
        }

        Assert.True(total > seeds);
    }
}
