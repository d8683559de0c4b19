using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Core.Tests.Concurrency.Keys.Simulation;

namespace OrleansLb.Core.Tests.Concurrency.Keys;

/// <summary>
/// The shipped machines under faults, judged by the definition of the limit alone: what front-ends have in flight and may begin by their leases, and what killed ones
/// had until their leases end, is never more than the limit; and in the end nothing is held.
/// </summary>
public sealed class KeySlotSimulationTests
{
    [Fact]
    public void KeySlots_MessagesLostLateRepeatedAndReordered_LimitHoldsAtEveryMomentAndNothingIsLeft() =>
        EachSeed(120, static seed => Faulty(seed));

    [Fact]
    public void KeySlots_FrontendsKilled_LimitHoldsWithWhatTheyHadUntilTheirLeasesEnd() =>
        EachSeed(120, static seed => Faulty(seed) with { FrontendKills = 1 + (seed % 4) });

    [Fact]
    public void KeySlots_FrontendsCutOff_LeasesHoldTheLimitAtEveryMoment() =>
        EachSeed(120, static seed => Faulty(seed) with
        {
            Duration = TimeSpan.FromSeconds(20),
            Partitions = 1 + (seed % 4),
            WhenUnreachable = (WhenUnreachable)(seed % 3),
        });

    [Fact]
    public void KeySlots_ActivationsKilled_NoneGrantsWhatOneBeforeMayHaveGranted() =>
        EachSeed(120, static seed => Faulty(seed) with
        {
            Duration = TimeSpan.FromSeconds(20),
            GrainKills = 1 + (seed % 4),
            FrontendKills = seed / 4 % 3,
            Partitions = seed / 12 % 2,
            LongestRestart = TimeSpan.FromMilliseconds(seed / 24 % 2 == 0 ? 2 : 3000),
        });

    [Fact]
    public void KeySlots_RequestsOutlastLeasesAndActivations_WhatNobodyTalksOfIsCounted() =>
        EachSeed(100, static seed => Faulty(seed) with
        {
            ServiceTime = TimeSpan.FromSeconds(6),
            Demand = [.. Enumerable.Repeat(1.0, 2 + (seed % 3))],
            Limit = 1 + (seed % 7),
            Keys = 8,
            LargestCount = 1,
            Duration = TimeSpan.FromSeconds(30),
            Aftermath = TimeSpan.FromSeconds(70),
            GrainKills = 1 + (seed % 4),
            LongestRestart = TimeSpan.FromMilliseconds(seed / 4 % 2 == 0 ? 2 : 1000),
        });

    [Theory]
    [InlineData(RateLimitMode.Exact, 10, 5, 0, 0.93)]
    [InlineData(RateLimitMode.Exact, 100, 5, 0, 0.95)]
    [InlineData(RateLimitMode.Exact, 10, 5, 20, 0.95)]
    [InlineData(RateLimitMode.Exact, 100, 20, 50, 0.95)]
    [InlineData(RateLimitMode.Leased, 10, 5, 20, 0.95)]
    [InlineData(RateLimitMode.Leased, 100, 5, 0, 0.95)]
    [InlineData(RateLimitMode.Leased, 200, 20, 50, 0.95)]
    [InlineData(RateLimitMode.Auto, 10, 5, 0, 0.93)]
    [InlineData(RateLimitMode.Auto, 100, 5, 0, 0.95)]
    [InlineData(RateLimitMode.Auto, 100, 5, 20, 0.95)]
    [InlineData(RateLimitMode.Auto, 3, 20, 5, 0.85)]
    public void KeySlots_FourfoldEvenDemand_AreUsedAndNoFrontendStarves(RateLimitMode mode, int limit, int frontends, int queueLimit, double use)
    {
        var plan = Busy(mode, limit, [.. Enumerable.Repeat(4.0 * limit / 0.05 / frontends, frontends)]) with { QueueLimit = queueLimit };
        var outcome = KeySlotSimulation.Run(plan);

        Assert.Null(outcome.Violation);
        Assert.InRange(outcome.Most, 1, limit);
        Assert.Equal(0, outcome.Undecided);
        Assert.InRange(outcome.SlotSeconds / (limit * plan.Duration.TotalSeconds), use, 1);
        Assert.InRange(outcome.Served.Min() / outcome.Served.Average(), 0.6, 1);
    }

    [Theory]
    [InlineData(RateLimitMode.Exact)]
    [InlineData(RateLimitMode.Auto)]
    [InlineData(RateLimitMode.Leased)]
    public void KeySlots_OneBusyFrontendOfFive_HasNearlyAll(RateLimitMode mode)
    {
        var plan = Busy(mode, 200, [16000, 0, 0, 0, 0]) with { Duration = TimeSpan.FromSeconds(10) };
        var outcome = KeySlotSimulation.Run(plan);

        Assert.Null(outcome.Violation);
        Assert.InRange(outcome.SlotSeconds / (200 * plan.Duration.TotalSeconds), 0.95, 1);
    }

    [Theory]
    [InlineData(RateLimitMode.Exact)]
    [InlineData(RateLimitMode.Auto)]
    [InlineData(RateLimitMode.Leased)]
    public void KeySlots_UnevenLoadFarBelowTheLimit_NobodyIsRefused(RateLimitMode mode)
    {
        var plan = Busy(mode, 100, [300, 100, 40, 0]);
        var outcome = KeySlotSimulation.Run(plan);

        Assert.Null(outcome.Violation);
        Assert.Equal((0, 0), (outcome.Refused, outcome.Undecided));
        Assert.InRange(outcome.LongestWait, TimeSpan.Zero, TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public void KeySlots_BusyKeyLeased_CostsAFractionOfTheMessages()
    {
        var exact = KeySlotSimulation.Run(Busy(RateLimitMode.Exact, 200, [1000, 1000]));
        var leased = KeySlotSimulation.Run(Busy(RateLimitMode.Auto, 200, [1000, 1000]));

        Assert.InRange(leased.Reports, 1, exact.Reports / 5);
    }

    private static KeySlotPlan Busy(RateLimitMode mode, int limit, double[] demand) => new()
    {
        Seed = 1,
        Mode = mode,
        Limit = limit,
        Demand = demand,
        Duration = TimeSpan.FromSeconds(10),
    };

    private static void EachSeed(int seeds, Func<int, KeySlotPlan> planOf)
    {
        long served = 0;
        for (var seed = 0; seed < seeds; seed++)
        {
            var outcome = KeySlotSimulation.Run(planOf(seed));
            Assert.True(outcome.Violation is null, outcome.Violation);
            served += outcome.Served.Sum();
        }

        Assert.True(served > seeds * 10, $"{served} requests in {seeds} runs");
    }

    private static KeySlotPlan Faulty(int seed)
    {
        var random = new Random(seed);
        var frontends = random.Next(2, seed % 20 == 0 ? 21 : 6);
        var limit = random.Next(3) == 0 ? random.Next(1, 4) : random.Next(1, 40);
        var keys = random.Next(1, 4);
        var serviceTime = TimeSpan.FromMilliseconds(random.Next(1, 4) switch { 1 => 5, 2 => 50, _ => 800 });
        var load = 0.3 + (3 * random.NextDouble());
        var rate = Math.Min(400, load * limit * keys / serviceTime.TotalSeconds);
        return new KeySlotPlan
        {
            Seed = seed,
            Limit = limit,
            Keys = keys,
            Mode = (RateLimitMode)random.Next(3),
            QueueLimit = random.Next(2) * random.Next(30),
            LargestCount = random.Next(4) == 0 ? Math.Min(limit, 3) : 1,
            Demand = [.. Enumerable.Range(0, frontends).Select(_ => 2 * rate * random.NextDouble() / frontends)],
            ServiceTime = serviceTime,
            Loss = 0.3 * random.NextDouble() * random.Next(2),
            Duplication = 0.3 * random.NextDouble() * random.Next(2),
            Reordering = 0.3 * random.NextDouble() * random.Next(2),
            Late = TimeSpan.FromSeconds(random.Next(2) == 0 ? 0.3 : 8),
            ClockError = LimitRule.ClockRateTolerance * random.Next(2),
        };
    }
}
