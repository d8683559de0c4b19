using CsCheck;
using OrleansLb.Core.RateLimiting;
using static OrleansLb.Core.Tests.RateLimiting.LimitRules;

namespace OrleansLb.Core.Tests.RateLimiting;

public sealed class LeakyBucketTests
{
    private const int Turn = 20;

    [Fact]
    public void LeavesAsAQueueWithOneServerDoes() =>
        Gen.Select(Gen.Int[0, 10], Gen.Int[0, 2000].Array[1, 80]).Sample(static (queue, arrivals) =>
        {
            var range = Fresh(Queue(1000.0 / Turn, queue));
            var (next, seq) = (0, 0);
            foreach (var at in arrivals.Order())
            {
                var decision = range.Handle(Acquire(++seq), Ms(at)).Decisions[0];
                var wait = Math.Max(0, next - at);
                Assert.Equal(wait <= queue * Turn, decision.IsAdmitted);
                Assert.Equal(decision.IsAdmitted ? Ms(wait) : TimeSpan.Zero, decision.Delay);
                if (decision.IsAdmitted)
                    next = at + wait + Turn;
            }
        });

    [Fact]
    public void Refused_RetryAfterIsTheFirstMomentOfAdmission() =>
        Gen.Select(Gen.Int[0, 10], Gen.Int[0, 15], Gen.Int[1, 12]).Sample(static (queue, before, cost) =>
        {
            var range = Fresh(Queue(1000.0 / Turn, queue));
            range.Handle(Acquire(1, before), Ms(0));
            var ask = Acquire(2) with { Acquires = [new AcquireEntry(Key, cost)] };
            var decision = range.Handle(ask, Ms(3)).Decisions[0];
            if (decision.IsAdmitted || cost > queue + 1)
                return decision.RetryAfter == (decision.IsAdmitted ? TimeSpan.Zero : TimeSpan.MaxValue);
            var at = Ms(3) + decision.RetryAfter;
            var early = range.Handle(ask with { Seq = 3 }, at - TimeSpan.FromTicks(1)).Decisions[0];
            var inTime = range.Handle(ask with { Seq = 4 }, at).Decisions[0];
            return !early.IsAdmitted && inTime.IsAdmitted;
        });

    [Fact]
    public void Acquire_CostsMore_TakesAsManyTurns()
    {
        var range = Fresh(Queue(50, 9));
        Assert.Equal(TimeSpan.Zero, range.Handle(Acquire(1) with { Acquires = [new AcquireEntry(Key, 4)] }, Ms(0)).Decisions[0].Delay);
        Assert.Equal(Ms(80), range.Handle(Acquire(2), Ms(0)).Decisions[0].Delay);
    }

    [Fact]
    public void Activation_NothingKnown_QueueIsTakenToBeFull()
    {
        var range = new RateLimitRange(Queue(50, 4), 2, 100, RestoreOutcome.Unknown, Ms(0));
        Assert.Equal(0, Admitted(range.Handle(Acquire(1, 5), Ms(0))));
        Assert.Equal(1, Admitted(range.Handle(Acquire(2, 5), Ms(20))));
        Assert.Equal(Ms(80), range.Handle(Acquire(3), Ms(40)).Decisions[0].Delay);
    }

    [Fact]
    public void Activation_EverybodyAnswered_TheQueueGoesOn()
    {
        var witness = new KeyWitness { Epoch = 1, Version = 1, Backlog = Ms(100) };
        var range = new RateLimitRange(Queue(50, 10), 2, 100, new RestoreOutcome(true, 1, [new RestoreRow(Key, witness, Ms(60))]), Ms(0));
        // Ages are taken for a little less than they are said to be, and queues for a little more.
        Assert.InRange(range.Handle(Acquire(1), Ms(0)).Decisions[0].Delay, Ms(40), Ms(40.4));
    }

    [Fact]
    public void TryReconfigure_OtherRate_WhatWaitsKeepsItsTurns()
    {
        var range = Fresh(Queue(50, 10));
        Assert.Equal(5, Admitted(range.Handle(Acquire(1, 5), Ms(0))));
        Assert.True(range.TryReconfigure(Queue(100, 20), Ms(0)));
        Assert.Equal([Ms(100), Ms(110)], range.Handle(Acquire(2, 2), Ms(0)).Decisions.Select(static decision => decision.Delay));
    }

    [Fact]
    public void Acquire_MoreKeysThanCapacity_NoUsedKeyLeavesEarly()
    {
        var range = Fresh(Queue(50, 10), capacity: 16);
        range.Handle(Acquire(1, 11), Ms(0));
        for (var index = 0; index < 200; index++)
            range.Handle(Acquire(2 + index, 3, key: RateLimitKey.Of($"flood {index}")), Ms(1));
        Assert.True(range.KeyCount <= 16);
        Assert.Equal(0, Admitted(range.Handle(Acquire(1000), Ms(2))));
        var flood = range.Handle(Acquire(1001, key: RateLimitKey.Of("flood 0")), Ms(2)).Decisions[0];
        Assert.True(!flood.IsAdmitted || flood.Delay >= Ms(58));
    }
}
