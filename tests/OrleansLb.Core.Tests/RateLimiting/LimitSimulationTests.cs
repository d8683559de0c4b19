using OrleansLb.Core.RateLimiting;
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
        EachSeed(seeds, seed => TokenBucketPlan(seed, mode) with
        {
            FrontendKills = seed % 3,
            GrainKills = seed / 3 % 3 * 3,
        });

    [Theory]
    [InlineData(RateLimitMode.Leased, 150)]
    [InlineData(RateLimitMode.Exact, 150)]
    public void TokenBucket_PartitionedFrontendsServeTheirShare_NoIntervalExceedsTheEnvelope(RateLimitMode mode, int seeds) =>
        EachSeed(seeds, seed => TokenBucketPlan(seed, mode) with
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
        EachSeed(seeds, seed => TokenBucketPlan(seed, mode) with
        {
            Duration = TimeSpan.FromSeconds(30),
            LongestPartition = TimeSpan.FromSeconds(25),
            Loss = seed % 2 * 0.2,
            Partitions = 2 + (seed % 3),
            FrontendKills = 2 + (seed % 4),
            Late = TimeSpan.FromSeconds(1 + (seed % 2)),
        });

    [Theory]
    [InlineData(RateLimitAlgorithm.SlidingWindowCounter)]
    [InlineData(RateLimitAlgorithm.FixedWindow)]
    public void Window_MessageFaultsAndDeaths_RuleHoldsAtEveryAdmission(RateLimitAlgorithm algorithm) =>
        EachSeed(400, seed => WindowPlan(seed, algorithm), static (history, plan) =>
            Math.Max(history.WindowExcess(plan.Rule), history.MostIn(SureWindow(plan.Rule)) - (2 * plan.Rule.PermitLimit)));

    [Fact]
    public void SlidingWindowLog_MessageFaultsAndDeaths_NoIntervalOfAWindowExceedsTheLimit() =>
        EachSeed(400, static seed => WindowPlan(seed, RateLimitAlgorithm.SlidingWindowLog) with { LargestCost = 1 + (seed % 4) }, static (history, plan) =>
            history.MostIn(SureWindow(plan.Rule)) - plan.Rule.PermitLimit);

    [Theory]
    [InlineData(RateLimitAlgorithm.SlidingWindowLog, 1)]
    [InlineData(RateLimitAlgorithm.FixedWindow, 2)]
    [InlineData(RateLimitAlgorithm.SlidingWindowCounter, 2)]
    public void Window_PartitionedFrontendsServeTheirShare_NoIntervalOfAWindowExceedsWhatTheAlgorithmAllows(RateLimitAlgorithm algorithm, int times) =>
        EachSeed(
            200,
            seed => Partitioned(WindowPlan(seed, algorithm), seed),
            (history, plan) => history.MostIn(SureWindow(plan.Rule)) - (times * plan.Rule.PermitLimit));

    [Fact]
    public void FixedWindow_PartitionedFrontendsServeTheirShare_NoWindowOfTheRangeExceedsTheLimit() =>
        EachSeed(
            200,
            static seed => Partitioned(WindowPlan(seed, RateLimitAlgorithm.FixedWindow), seed) with { GrainKills = 0 },
            static (history, plan) => history.WindowExcess(plan.Rule));

    [Fact]
    public void LeakyBucket_MessageFaultsAndDeaths_DeparturesAreATurnApart() =>
        EachSeed(400, static seed => QueuePlan(seed), static (history, plan) => history.EnvelopeExcess(1, plan.Rule.Rate));

    [Fact]
    public void LeakyBucket_PartitionedFrontendsServeTheirShare_EachIsAtMostOneDepartureMore() =>
        EachSeed(200, static seed => Partitioned(QueuePlan(seed), seed), static (history, plan) => history.EnvelopeExcess(1 + plan.Partitions, plan.Rule.Rate));

    [Theory]
    [InlineData(1000, 500)]
    [InlineData(100, 100)]
    [InlineData(20, 200)]
    public void Leased_TenfoldDemandSplitUnevenly_AtLeast95PercentIsAdmitted(int burst, int rate)
    {
        var plan = new SimulationPlan
        {
            Seed = 1,
            Rule = Bucket(burst, rate, RateLimitMode.Leased),
            Duration = TimeSpan.FromSeconds(30),
            Demand = [8.0 * rate, 2.0 * rate],
            PausesPerSecond = 0,
        };
        var history = LimitSimulation.Run(plan);
        var possible = burst + (rate * plan.Duration.TotalSeconds);
        Assert.InRange(history.Total / possible, 0.95, 1.002);
        Assert.True(history.EnvelopeExcess(plan.Rule) <= 1e-6);
    }

    private static void EachSeed(int seeds, Func<int, SimulationPlan> planOf) =>
        EachSeed(seeds, planOf, static (history, plan) => history.EnvelopeExcess(plan.Rule));

    private static void EachSeed(int seeds, Func<int, SimulationPlan> planOf, Func<AdmissionHistory, SimulationPlan, double> excessOf)
    {
        long total = 0;
        for (var seed = 0; seed < seeds; seed++)
        {
            var plan = planOf(seed);
            var history = LimitSimulation.Run(plan);
            var excess = excessOf(history, plan);
            Assert.True(excess <= 1e-6, $"seed {seed}: {excess} over");
            total += history.Total;
        }

        Assert.True(total > seeds);
    }

    private static SimulationPlan TokenBucketPlan(int seed, RateLimitMode mode)
    {
        var random = new Random(seed);
        var rate = random.Next(5, 100);
        var frontends = random.Next(2, seed % 20 == 0 ? 21 : 6);
        var demand = 0.3 + (4 * random.NextDouble());
        return new SimulationPlan
        {
            Seed = seed,
            Rule = Bucket(random.Next(1, 100), rate, mode),
            Demand = [.. Enumerable.Range(0, frontends).Select(_ => demand * rate * 2 * random.NextDouble() / frontends)],
            Loss = 0.3 * random.NextDouble() * random.Next(2),
            Duplication = 0.3 * random.NextDouble() * random.Next(2),
            Reordering = 0.3 * random.NextDouble() * random.Next(2),
            SurgePeriod = random.Next(2) * TimeSpan.FromMilliseconds(random.Next(300, 2000)),
            LongestRestart = TimeSpan.FromMilliseconds(random.Next(2) == 0 ? 2 : 1000),
            ClockError = LimitRule.ClockRateTolerance * random.Next(2),
            LargestCost = random.Next(4) == 0 ? 4 : 1,
        };
    }

    /// <summary>What no clock takes for a longer time than a window.</summary>
    private static TimeSpan SureWindow(LimitRule rule) => rule.Window * (1 - (2 * LimitRule.ClockRateTolerance));

    private static SimulationPlan Partitioned(SimulationPlan plan, int seed) => plan with
    {
        Rule = plan.Rule with { WhenUnreachable = WhenUnreachable.Share },
        Duration = TimeSpan.FromSeconds(20),
        LongestPartition = TimeSpan.FromSeconds(15),
        Loss = seed % 2 * 0.05,
        Partitions = 1 + (seed % 3),
        GrainKills = seed / 3 % 2,
        FrontendKills = 0,
    };

    private static SimulationPlan QueuePlan(int seed)
    {
        var random = new Random(seed);
        var rate = random.Next(2, 100);
        return TokenBucketPlan(seed, RateLimitMode.Exact) with
        {
            Rule = LimitRules.Queue(rate, random.Next(0, 3 * rate)),
            Demand = [.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => random.NextDouble() * rate)],
            LargestCost = 1,
            GrainKills = seed % 3,
            FrontendKills = seed / 3 % 2,
        };
    }

    private static SimulationPlan WindowPlan(int seed, RateLimitAlgorithm algorithm)
    {
        var random = new Random(seed);
        var limit = random.Next(1, 60);
        var window = TimeSpan.FromMilliseconds(random.Next(200, 2000));
        return TokenBucketPlan(seed, RateLimitMode.Exact) with
        {
            Rule = LimitRules.Window(limit, window, algorithm),
            Demand = [.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => random.NextDouble() * limit / window.TotalSeconds)],
            LargestCost = 1,
            GrainKills = seed % 3,
            FrontendKills = seed / 3 % 2,
        };
    }

    private static LimitRule Bucket(int burst, int rate, RateLimitMode mode) => new()
    {
        Algorithm = RateLimitAlgorithm.TokenBucket,
        Mode = mode,
        WhenUnreachable = WhenUnreachable.Share,
        Burst = burst,
        Rate = rate,
    };
}
