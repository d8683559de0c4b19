using OrleansLb.Core.Snapshots;
using OrleansLb.Core.Tests.RateLimiting.Simulation;

namespace OrleansLb.Core.Tests.RateLimiting;

/// <summary>The shipped machines under faults, judged by the definition of the limit alone.</summary>
public sealed class LimitSimulationTests
{
    [Theory]
    [InlineData(RateLimitMode.Leased, 300)]
    [InlineData(RateLimitMode.Auto, 150)]
    [InlineData(RateLimitMode.Exact, 150)]
    public void TokenBucket_MessageFaultsAndDeaths_NoIntervalExceedsTheEnvelope(RateLimitMode mode, int seeds) =>
        EachSeed(seeds, seed => LimitPlans.TokenBucket(seed, mode) with
        {
            FrontendKills = seed % 3,
            GrainKills = seed / 3 % 3 * 3,
        });

    [Theory]
    [InlineData(RateLimitMode.Leased, 150)]
    [InlineData(RateLimitMode.Exact, 150)]
    public void TokenBucket_PartitionedFrontendsServeTheirShare_NoIntervalExceedsTheEnvelope(RateLimitMode mode, int seeds) =>
        EachSeed(seeds, seed => LimitPlans.TokenBucket(seed, mode) with
        {
            Duration = TimeSpan.FromSeconds(20),
            LongestPartition = TimeSpan.FromSeconds(15),
            Loss = seed % 2 * 0.05,
            Partitions = 1 + (seed % 3),
            GrainKills = seed / 3 % 2,
            FrontendKills = seed / 6 % 2,
        });

    [Theory]
    [InlineData(RateLimitMode.Leased, 150)]
    [InlineData(RateLimitMode.Exact, 150)]
    public void TokenBucket_FrontendsRestartWithoutTheCluster_NoIntervalExceedsTheEnvelope(RateLimitMode mode, int seeds) =>
        EachSeed(seeds, seed => LimitPlans.TokenBucket(seed, mode) with
        {
            Duration = TimeSpan.FromSeconds(30),
            LongestPartition = TimeSpan.FromSeconds(25),
            Loss = seed % 2 * 0.2,
            Partitions = 2 + (seed % 3),
            FrontendKills = 2 + (seed % 4),
            Late = TimeSpan.FromSeconds(1 + (seed % 2)),
        });

    [Theory]
    [InlineData(RateLimitAlgorithm.SlidingWindowCounter, RateLimitMode.Exact)]
    [InlineData(RateLimitAlgorithm.SlidingWindowCounter, RateLimitMode.Leased)]
    [InlineData(RateLimitAlgorithm.SlidingWindowCounter, RateLimitMode.Auto)]
    [InlineData(RateLimitAlgorithm.FixedWindow, RateLimitMode.Exact)]
    [InlineData(RateLimitAlgorithm.FixedWindow, RateLimitMode.Leased)]
    [InlineData(RateLimitAlgorithm.FixedWindow, RateLimitMode.Auto)]
    public void Window_MessageFaultsAndDeaths_RuleHoldsAtEveryAdmission(RateLimitAlgorithm algorithm, RateLimitMode mode) =>
        EachSeed(400, seed => LimitPlans.Window(seed, algorithm, mode) with { LargestCost = 1 + (seed % 4) }, static (history, plan) =>
            Math.Max(history.WindowExcess(plan.Rule), history.MostIn(LimitPlans.SureWindow(plan.Rule)) - (2 * plan.Rule.PermitLimit)));

    [Theory]
    [InlineData(RateLimitMode.Exact)]
    [InlineData(RateLimitMode.Leased)]
    [InlineData(RateLimitMode.Auto)]
    public void SlidingWindowLog_MessageFaultsAndDeaths_NoIntervalOfAWindowExceedsTheLimit(RateLimitMode mode) =>
        EachSeed(400, seed => LimitPlans.Window(seed, RateLimitAlgorithm.SlidingWindowLog, mode) with { LargestCost = 1 + (seed % 4) }, static (history, plan) =>
            history.MostIn(LimitPlans.SureWindow(plan.Rule)) - plan.Rule.PermitLimit);

    [Theory]
    [InlineData(RateLimitAlgorithm.SlidingWindowLog, RateLimitMode.Exact, 1)]
    [InlineData(RateLimitAlgorithm.SlidingWindowLog, RateLimitMode.Leased, 1)]
    [InlineData(RateLimitAlgorithm.FixedWindow, RateLimitMode.Exact, 2)]
    [InlineData(RateLimitAlgorithm.FixedWindow, RateLimitMode.Leased, 2)]
    [InlineData(RateLimitAlgorithm.SlidingWindowCounter, RateLimitMode.Exact, 2)]
    [InlineData(RateLimitAlgorithm.SlidingWindowCounter, RateLimitMode.Leased, 2)]
    public void Window_PartitionedFrontendsServeTheirShare_NoIntervalOfAWindowExceedsWhatTheAlgorithmAllows(RateLimitAlgorithm algorithm, RateLimitMode mode, int times) =>
        EachSeed(
            200,
            seed => LimitPlans.Partitioned(LimitPlans.Window(seed, algorithm, mode), seed),
            (history, plan) => history.MostIn(LimitPlans.SureWindow(plan.Rule)) - (times * plan.Rule.PermitLimit));

    [Theory]
    [InlineData(RateLimitMode.Exact)]
    [InlineData(RateLimitMode.Leased)]
    public void FixedWindow_PartitionedFrontendsServeTheirShare_NoWindowOfTheRangeExceedsTheLimit(RateLimitMode mode) =>
        EachSeed(
            200,
            seed => LimitPlans.Partitioned(LimitPlans.Window(seed, RateLimitAlgorithm.FixedWindow, mode), seed) with { GrainKills = 0 },
            static (history, plan) => history.WindowExcess(plan.Rule));

    [Theory]
    [InlineData(RateLimitMode.Exact)]
    [InlineData(RateLimitMode.Leased)]
    [InlineData(RateLimitMode.Auto)]
    public void LeakyBucket_MessageFaultsAndDeaths_DeparturesAreATurnApart(RateLimitMode mode) =>
        EachSeed(400, seed => LimitPlans.Queue(seed, mode) with { LargestCost = 1 + (seed % 2 * (seed % 4)) }, static (history, plan) =>
            history.EnvelopeExcess(plan.LargestCost, plan.Rule.Rate));

    [Theory]
    [InlineData(RateLimitMode.Exact)]
    [InlineData(RateLimitMode.Leased)]
    public void LeakyBucket_PartitionedFrontendsServeTheirShare_EachIsAtMostOneDepartureMore(RateLimitMode mode) =>
        EachSeed(200, seed => LimitPlans.Partitioned(LimitPlans.Queue(seed, mode), seed), static (history, plan) => history.EnvelopeExcess(1 + plan.Partitions, plan.Rule.Rate));

    private static void EachSeed(int seeds, Func<int, SimulationPlan> planOf) =>
        EachSeed(seeds, planOf, static (history, plan) => history.EnvelopeExcess(plan.Rule));

    private static void EachSeed(int seeds, Func<int, SimulationPlan> planOf, Func<AdmissionHistory, SimulationPlan, double> excessOf)
    {
        var (total, leased) = (0L, 0L);
        for (var seed = 0; seed < seeds; seed++)
        {
            var plan = planOf(seed);
            var history = LimitSimulation.Run(plan);
            var excess = excessOf(history, plan);
            Assert.True(excess <= 1e-6, $"seed {seed}: {excess} over");
            total += history.Total;
            leased += history.Leased;
        }

        Assert.True(total > seeds);
        Assert.Equal(planOf(0).Rule.Mode != RateLimitMode.Exact, leased > 0);
    }
}
