using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.RateLimiting.Simulation;

/// <summary>Plans whose every number follows from a seed.</summary>
internal static class LimitPlans
{
    public static SimulationPlan TokenBucket(int seed, RateLimitMode mode)
    {
        var random = new Random(seed);
        var rate = random.Next(5, 100);
        var frontends = FrontendsOf(seed, random);
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

    private static int FrontendsOf(int seed, Random random) => random.Next(2, seed % 20 == 0 ? 21 : 6);

    /// <summary>What no clock takes for a longer time than a window.</summary>
    public static TimeSpan SureWindow(LimitRule rule) => rule.Window * (1 - (2 * LimitRule.ClockRateTolerance));

    public static SimulationPlan Partitioned(SimulationPlan plan, int seed) => plan with
    {
        Rule = plan.Rule with { WhenUnreachable = WhenUnreachable.Share },
        Duration = TimeSpan.FromSeconds(20),
        LongestPartition = TimeSpan.FromSeconds(15),
        Loss = seed % 2 * 0.05,
        Partitions = 1 + (seed % 3),
        GrainKills = seed / 3 % 2,
        FrontendKills = 0,
    };

    public static SimulationPlan Queue(int seed, RateLimitMode mode)
    {
        var random = new Random(seed);
        var rate = random.Next(2, 100);
        return TokenBucket(seed, RateLimitMode.Exact) with
        {
            Rule = LimitRules.Queue(rate, random.Next(0, 3 * rate), mode),
            Demand = [.. Enumerable.Range(0, FrontendsOf(seed, random)).Select(_ => random.NextDouble() * rate)],
            LargestCost = 1,
            GrainKills = seed % 3,
            FrontendKills = seed / 3 % 2,
        };
    }

    public static SimulationPlan Window(int seed, RateLimitAlgorithm algorithm, RateLimitMode mode)
    {
        var random = new Random(seed);
        var limit = random.Next(1, 60);
        var window = TimeSpan.FromMilliseconds(random.Next(200, 2000));
        return TokenBucket(seed, RateLimitMode.Exact) with
        {
            Rule = LimitRules.Window(limit, window, algorithm, mode),
            Demand = [.. Enumerable.Range(0, FrontendsOf(seed, random)).Select(_ => random.NextDouble() * limit / window.TotalSeconds)],
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
