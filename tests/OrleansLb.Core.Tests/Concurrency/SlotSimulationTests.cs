using OrleansLb.Core.Concurrency;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Core.Tests.Concurrency.Simulation;

namespace OrleansLb.Core.Tests.Concurrency;

/// <summary>The shipped machines under faults, judged by the definition of the limit alone.</summary>
public sealed class SlotSimulationTests
{
    [Fact]
    public void Slots_MessagesLostLateRepeatedAndReordered_LimitHoldsAtEveryMoment() =>
        EachSeed(200, static seed => Faulty(seed));

    [Fact]
    public void Slots_FrontendsKilled_LimitHoldsAtEveryMoment() =>
        EachSeed(200, static seed => Faulty(seed) with { FrontendKills = 1 + (seed % 4) });

    [Fact]
    public void Slots_FrontendsCutOff_LeasesHoldTheLimitAtEveryMoment() =>
        EachSeed(200, static seed => Faulty(seed) with
        {
            Duration = TimeSpan.FromSeconds(20),
            Partitions = 1 + (seed % 4),
            WhenUnreachable = (WhenUnreachable)(seed % 3),
        });

    [Fact]
    public void Slots_ActivationsKilled_NoneGrantsWhatOneBeforeMayHaveGranted() =>
        EachSeed(200, static seed => Faulty(seed) with
        {
            Duration = TimeSpan.FromSeconds(20),
            GrainKills = 1 + (seed % 4),
            FrontendKills = seed / 4 % 3,
            Partitions = seed / 12 % 2,
            LongestRestart = TimeSpan.FromMilliseconds(seed / 24 % 2 == 0 ? 2 : 3000),
        });

    [Fact]
    public void Slots_LimitMovesUnderFaults_NobodyEntersBeyondWhatWasInForceALeaseAgo() =>
        EachSeed(100, static seed => Faulty(seed) with
        {
            Duration = TimeSpan.FromSeconds(20),
            LimitMoves = TimeSpan.FromMilliseconds(200 + (seed * 7919 % 8000)),
            GrainKills = seed % 3,
            FrontendKills = seed / 3 % 3,
            Partitions = seed / 9 % 2,
            // An activation that does not know yet who holds what takes nothing away from anybody.
            Memory = (SlotLease.Ttl * 1.01) + (seed % 3 * (SlotLease.Ttl + TimeSpan.FromSeconds(3))),
        });

    [Fact]
    public void Slots_LimitMovesEachSecond_ItHoldsAfterAFifthOfItAndIsUsed()
    {
        foreach (var seed in Enumerable.Range(1, 8))
        {
            var plan = Busy(20, [400, 400, 400, 400], serviceTimeMs: 50) with
            {
                Seed = seed,
                LimitMoves = TimeSpan.FromSeconds(1),
                Memory = TimeSpan.FromMilliseconds(200),
                LongestHearing = TimeSpan.FromMilliseconds(5),
            };
            var outcome = SlotSimulation.Run(plan);

            Assert.Null(outcome.Violation);
            Assert.InRange(outcome.SlotSeconds / outcome.LimitSeconds, 0.85, 1.1);
        }
    }

    [Theory]
    [InlineData(10, 5, 50, 0.97, 0.8)]
    [InlineData(10, 5, 5, 0.95, 0.8)]
    [InlineData(7, 5, 50, 0.97, 0.85)]
    [InlineData(2, 20, 500, 0.95, 0.5)]
    [InlineData(1, 2, 50, 0.90, 0.8)]
    [InlineData(1, 20, 50, 0.85, 0.6)]
    [InlineData(1, 100, 50, 0.70, 0.4)]
    public void Slots_FourfoldEvenDemand_AreUsedAndNoFrontendStarves(int limit, int frontends, int serviceTimeMs, double use, double least)
    {
        var plan = Busy(limit, [.. Enumerable.Repeat(4.0 * limit * 1000 / serviceTimeMs / frontends, frontends)], serviceTimeMs);
        var outcome = SlotSimulation.Run(plan);

        Assert.Null(outcome.Violation);
        Assert.InRange(outcome.Most, 1, limit);
        Assert.InRange(outcome.SlotSeconds / (limit * plan.Duration.TotalSeconds), use, 1);
        Assert.InRange(outcome.Served.Min() / outcome.Served.Average(), least, 1);
    }

    [Fact]
    public void Slots_OneBusyFrontendOfFive_HasNearlyAll()
    {
        var plan = Busy(200, [8000, 0, 0, 0, 0], serviceTimeMs: 50);
        var outcome = SlotSimulation.Run(plan);

        Assert.Null(outcome.Violation);
        Assert.InRange(outcome.SlotSeconds / (200 * plan.Duration.TotalSeconds), 0.97, 1);
    }

    [Fact]
    public void Slots_DemandMovesTwiceASecond_TheyFollow()
    {
        var plan = Busy(20, [800, 0, 0, 0], serviceTimeMs: 50) with { DemandMoves = TimeSpan.FromSeconds(0.5) };
        var outcome = SlotSimulation.Run(plan);

        Assert.Null(outcome.Violation);
        Assert.InRange(outcome.SlotSeconds / (20 * plan.Duration.TotalSeconds), 0.9, 1);
    }

    [Fact]
    public void Slots_UnevenLoadBelowTheLimit_NobodyWaitsLong()
    {
        var plan = Busy(40, [300, 100, 40, 0], serviceTimeMs: 50);
        var outcome = SlotSimulation.Run(plan);

        Assert.Null(outcome.Violation);
        // The first fifth of a second is spent on learning who is there.
        Assert.All(outcome.LongestWait, static wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromMilliseconds(300)));
        Assert.InRange(outcome.Reports, 0, 100 * 4 * plan.Duration.TotalSeconds);
    }

    private static SlotPlan Busy(int limit, double[] demand, int serviceTimeMs) => new()
    {
        Seed = 1,
        Limit = limit,
        Demand = demand,
        ServiceTime = TimeSpan.FromMilliseconds(serviceTimeMs),
        Duration = TimeSpan.FromSeconds(30),
        QueueLimit = 100,
    };

    private static void EachSeed(int seeds, Func<int, SlotPlan> planOf)
    {
        long served = 0;
        for (var seed = 0; seed < seeds; seed++)
        {
            var outcome = SlotSimulation.Run(planOf(seed));
            Assert.True(outcome.Violation is null, outcome.Violation);
            served += outcome.Served.Sum();
        }

        Assert.True(served > seeds * 10, $"{served} requests in {seeds} runs");
    }

    private static SlotPlan Faulty(int seed)
    {
        var random = new Random(seed);
        var frontends = random.Next(2, seed % 20 == 0 ? 21 : 6);
        var limit = random.Next(3) == 0 ? random.Next(1, 4) : random.Next(1, 40);
        var backends = random.Next(1, 3);
        var serviceTime = TimeSpan.FromMilliseconds(random.Next(1, 4) switch { 1 => 5, 2 => 50, _ => 800 });
        var load = 0.3 + (3 * random.NextDouble());
        var rate = Math.Min(400, load * limit * backends / serviceTime.TotalSeconds);
        return new SlotPlan
        {
            Seed = seed,
            Limit = limit,
            Backends = backends,
            Demand = [.. Enumerable.Range(0, frontends).Select(_ => 2 * rate * random.NextDouble() / frontends)],
            ServiceTime = serviceTime,
            Loss = 0.3 * random.NextDouble() * random.Next(2),
            Duplication = 0.3 * random.NextDouble() * random.Next(2),
            Reordering = 0.3 * random.NextDouble() * random.Next(2),
            Late = TimeSpan.FromSeconds(random.Next(2) == 0 ? 0.3 : 8),
            ClockError = LimitRule.ClockRateTolerance * random.Next(2),
            DemandMoves = random.Next(2) * TimeSpan.FromMilliseconds(random.Next(300, 3000)),
        };
    }
}
