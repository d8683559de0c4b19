using CsCheck;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using static OrleansLb.Core.Tests.RateLimiting.LimitRules;

namespace OrleansLb.Core.Tests.RateLimiting;

/// <summary>Charges that may come back: what coming back gives, and what it must not.</summary>
public sealed class GivenBackTests
{
    private const int Limit = 5;

    private long _seq;

    public static TheoryData<LimitRule> Rules =>
    [
        Bucket(Limit, 10, RateLimitMode.Exact),
        Queue(10, Limit - 1),
        Window(Limit, Ms(1000), RateLimitAlgorithm.FixedWindow),
        Window(Limit, Ms(1000)),
        Window(Limit, Ms(1000), RateLimitAlgorithm.SlidingWindowLog),
        Window(1000, Ms(1000), RateLimitAlgorithm.SlidingWindowLog),
    ];

    [Theory]
    [MemberData(nameof(Rules))]
    public void GiveBack_AllOfWhatWasTaken_AllIsThereAgain(LimitRule rule)
    {
        var range = Fresh(rule);
        var taken = Hold(range, 1000, Ms(100));

        var again = Hold(range, 1000, Ms(110), Settlements(taken, isGivenBack: true));

        Assert.Equal(taken.Decisions.Count(static decision => decision.IsAdmitted), again.Decisions.Count(static decision => decision.IsAdmitted));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Settle_Kept_NothingComesBackAnyMore(LimitRule rule)
    {
        var range = Fresh(rule);
        var taken = Hold(range, 1000, Ms(0));
        Hold(range, 0, Ms(1), Settlements(taken, isGivenBack: false));

        var more = Hold(range, 1000, Ms(1));

        Assert.DoesNotContain(more.Decisions, static decision => decision.IsAdmitted);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Settle_RequestOrActivationIsNotTheNewest_NothingComesBack(LimitRule rule)
    {
        var range = Fresh(rule);
        var taken = Hold(range, 1000, Ms(0));
        ChargeSettlement[] settlements = [.. Settlements(taken, isGivenBack: true).Select(static settlement => settlement with { Epoch = settlement.Epoch - 1 })];
        Hold(range, 0, Ms(1), settlements);
        range.Handle(new RangeRequest { Holder = "a", Incarnation = 1, Seq = _seq, Settlements = Settlements(taken, isGivenBack: true) }, Ms(2));

        var more = Hold(range, 1000, Ms(2));

        Assert.DoesNotContain(more.Decisions, static decision => decision.IsAdmitted);
    }

    [Fact]
    public void GiveBack_BucketWouldHaveBeenFull_WhatItWouldHaveLostIsLost()
    {
        var range = Fresh(Bucket(10, 1, RateLimitMode.Exact));
        var taken = Hold(range, 5, Ms(0));
        // Full again, as it would have been all the time: nothing is missing.
        Assert.Equal(10, Admitted(Hold(range, 20, Ms(5000))));

        Assert.Equal(0, Admitted(Hold(range, 20, Ms(5000), Settlements(taken, isGivenBack: true))));
    }

    [Fact]
    public void GiveBack_OthersWereChargedSince_TheirChargesAreNotGivenBackInItsPlace()
    {
        var range = Fresh(Bucket(10, 1, RateLimitMode.Exact));
        var early = Hold(range, 5, Ms(0));
        Hold(range, 0, Ms(5000));
        Hold(range, 5, Ms(5000));

        Assert.Equal(5, Admitted(Hold(range, 20, Ms(5000), Settlements(early, isGivenBack: true))));
    }

    [Fact]
    public void Settle_MostWasKept_WhatComesBackComesBackWhole()
    {
        var range = Fresh(Bucket(10, 10, RateLimitMode.Exact));
        var kept = Hold(range, 8, Ms(0));
        var held = Hold(range, 2, Ms(0), Settlements(kept, isGivenBack: false));
        Hold(range, 0, Ms(500));

        // 5 came since; had the kept ones counted as held, half of the others would have been cut off for them.
        Assert.Equal(7, Admitted(Hold(range, 10, Ms(500), Settlements(held, isGivenBack: true))));
    }

    [Fact]
    public void GiveBack_ShareWasSetAsideMeanwhile_StaysCharged()
    {
        var rule = Window(10, Ms(60_000), RateLimitAlgorithm.FixedWindow) with { WhenUnreachable = WhenUnreachable.Share };
        var range = Fresh(rule);
        range.Observe([new FrontendPresence("a", Ms(0), 2), new FrontendPresence("gone", Ms(0), 2)], Ms(0));
        range.Handle(Acquire(1, 0, "gone"), Ms(1));
        var taken = Hold(range, 4, Ms(2));
        Assert.Equal(0.5, ReservedAfter(range, Ms(4000)));

        // 10 without the 5 that are set aside and the 4 that stay charged.
        Assert.Equal(1, Admitted(Hold(range, 10, Ms(4000), Settlements(taken, isGivenBack: true))));
    }

    [Fact]
    public void GiveBack_TurnsBehindIt_StayWhereTheyAre()
    {
        var range = Fresh(Queue(10, 10));
        var taken = Hold(range, 3, Ms(0));
        var settlements = Settlements(taken, isGivenBack: true);

        var next = Hold(range, 1, Ms(0), settlements[0]);
        var last = Hold(range, 1, Ms(0), [.. settlements[1..]]);

        // The first turn has others behind it. Of the two others none is the last any more once a fourth was given.
        Assert.Equal([Ms(300), Ms(400)], [next.Decisions[0].Delay, last.Decisions[0].Delay]);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void GiveBack_AnyOrderOfRequests_AdmitsNoMoreThanIfTheyHadNeverBeenTaken(LimitRule rule) =>
        Gen.Select(Gen.Int[0, 2500], Gen.Int[1, 3], Gen.Frequency((1, Gen.Const(-1)), (2, Gen.Int[0, 1500]))).Array[1, 60].Sample(plan =>
        {
            var steps = plan.SelectMany(static (step, index) => step.Item3 < 0
                    ? [(At: step.Item1, Index: index, IsTake: true)]
                    : new[] { (At: step.Item1, Index: index, IsTake: true), (At: step.Item1 + step.Item3, Index: index, IsTake: false) })
                .OrderBy(static step => step.At).ThenBy(static step => step.IsTake).ToArray();
            var (range, without) = (Fresh(rule), Fresh(rule));
            var (seq, taken) = (1L, new Dictionary<int, AcquireDecision>());
            foreach (var (at, index, isTake) in steps)
            {
                var (cost, held) = (plan[index].Item2, plan[index].Item3 >= 0);
                if (!isTake)
                {
                    if (taken.TryGetValue(index, out var charge))
                        range.Handle(Acquire(++seq, 0) with { Settlements = [new ChargeSettlement(Key, cost, 1, charge.Ticket, true)] }, Ms(at));
                    continue;
                }

                var decision = range.Handle(Acquire(++seq, 0) with { Acquires = [new AcquireEntry(Key, cost) { MayBeGivenBack = held }] }, Ms(at)).Decisions[0];
                if (decision.IsAdmitted && held)
                    taken[index] = decision;
                // Whatever stays must also be admitted where nothing else was ever asked for.
                if (decision.IsAdmitted && !held)
                    Assert.Equal(1, Admitted(without.Handle(Acquire(seq, 0) with { Acquires = [new AcquireEntry(Key, cost)] }, Ms(at))));
            }
        });

    private static double ReservedAfter(RateLimitRange range, TimeSpan now)
    {
        range.Observe([new FrontendPresence("a", Ms(0), 2), new FrontendPresence("gone", now, 2)], now);
        return range.ReservedPart;
    }

    private RangeReply Hold(RateLimitRange range, int count, TimeSpan now, params ChargeSettlement[] settlements) => range.Handle(
        Acquire(++_seq, 0) with { Acquires = [.. Enumerable.Repeat(new AcquireEntry(Key, 1) { MayBeGivenBack = true }, count)], Settlements = settlements },
        now);

    private static ChargeSettlement[] Settlements(RangeReply reply, bool isGivenBack) =>
        [.. reply.Decisions.Where(static decision => decision.IsAdmitted).Select(decision => new ChargeSettlement(Key, 1, reply.Epoch, decision.Ticket, isGivenBack))];
}
