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

    [Fact]
    public void SlidingWindow_MessageFaultsAndDeaths_RuleHoldsAtEveryAdmission()
    {
        long total = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            var plan = WindowPlan(seed);
            var history = LimitSimulation.Run(plan);
            Assert.True(history.WindowExcess(plan.Rule) <= 1e-6, $"seed {seed}: {history.WindowExcess(plan.Rule)} permits over");
            total += history.Total;
        }

        Assert.True(total > 400);
    }

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

    private static void EachSeed(int seeds, Func<int, SimulationPlan> planOf)
    {
        long total = 0;
        for (var seed = 0; seed < seeds; seed++)
        {
            var plan = planOf(seed);
            var history = LimitSimulation.Run(plan);
            var excess = history.EnvelopeExcess(plan.Rule);
            Assert.True(excess <= 1e-6, $"seed {seed}: {excess} tokens over");
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

    private static SimulationPlan WindowPlan(int seed)
    {
        var random = new Random(seed);
        var limit = random.Next(1, 60);
        var window = TimeSpan.FromMilliseconds(random.Next(200, 2000));
        return TokenBucketPlan(seed, RateLimitMode.Exact) with
        {
            Rule = new LimitRule
            {
                Algorithm = RateLimitAlgorithm.SlidingWindowCounter,
                Mode = RateLimitMode.Exact,
                WhenUnreachable = WhenUnreachable.Deny,
                PermitLimit = limit,
                Window = window,
            },
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
