using CsCheck;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using static OrleansLb.Core.Tests.RateLimiting.LimitRules;

namespace OrleansLb.Core.Tests.RateLimiting;

public sealed class RateLimitRangeTests
{
    // Each admits ten at once, and then nothing for as long as the tests last.
    private static readonly Dictionary<string, LimitRule> Rules = new()
    {
        ["TokenBucket"] = Bucket(10, 0.0001),
        ["LeakyBucket"] = Queue(0.0001, 9),
        ["FixedWindow"] = Window(10, Ms(3_600_000), RateLimitAlgorithm.FixedWindow),
        ["SlidingWindowLog"] = Window(10, Ms(3_600_000), RateLimitAlgorithm.SlidingWindowLog),
        ["SlidingWindowCounter"] = Window(10, Ms(3_600_000)),
    };

    public static TheoryData<string> OfEachAlgorithm => [.. Rules.Keys];

    [Fact]
    public void Acquire_FreshBucket_AdmitsTheBurstAndThenTheRate()
    {
        var range = Fresh(Bucket(10, 100));
        Assert.Equal(10, Admitted(range.Handle(Acquire(1, 15), Ms(0))));
        Assert.Equal(5, Admitted(range.Handle(Acquire(2, 15), Ms(50))));
    }

    [Fact]
    public void Acquire_Refused_RetryAfterIsTheFirstMomentOfAdmission() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 500], Gen.Int[1, 20]).Sample((burst, rate, cost) =>
        {
            var range = Fresh(Bucket(burst, rate));
            range.Handle(Acquire(1, burst), Ms(0));
            var decision = range.Handle(Acquire(2) with { Acquires = [new AcquireEntry(Key, cost)] }, Ms(0)).Decisions[0];
            if (cost > burst)
                return decision.RetryAfter == TimeSpan.MaxValue;
            var early = range.Handle(Acquire(3) with { Acquires = [new AcquireEntry(Key, cost)] }, decision.RetryAfter - Ms(0.01)).Decisions[0];
            var inTime = range.Handle(Acquire(4) with { Acquires = [new AcquireEntry(Key, cost)] }, decision.RetryAfter).Decisions[0];
            return !decision.IsAdmitted && !early.IsAdmitted && inTime.IsAdmitted;
        });

    [Fact]
    public void Handle_SeqNotNewer_ChangesNothing()
    {
        var range = Fresh(Bucket(10, 0.001));
        Assert.Equal(4, Admitted(range.Handle(Acquire(2, 4), Ms(0))));
        Assert.False(range.Handle(Acquire(2, 4), Ms(1)).IsApplied);
        Assert.False(range.Handle(Acquire(1, 4), Ms(1)).IsApplied);
        Assert.Equal(6, Admitted(range.Handle(Acquire(3, 10), Ms(2))));
    }

    [Fact]
    public void Handle_HigherIncarnation_StartsItsNumbersAnew()
    {
        var range = Fresh(Bucket(10, 1));
        range.Handle(Acquire(7), Ms(0));
        Assert.True(range.Handle(Acquire(1) with { Incarnation = 2 }, Ms(1)).IsApplied);
        Assert.False(range.Handle(Acquire(8), Ms(2)).IsApplied);
    }

    [Fact]
    public void Handle_ToldOfAHigherEpoch_AdoptsTheNextOne()
    {
        var range = Fresh(Bucket(10, 1));
        Assert.Equal(8, range.Handle(Acquire(1) with { AckedEpoch = 7 }, Ms(0)).Epoch);
    }

    [Fact]
    public void Renew_AllFree_GrantsNoMoreThanTheLeasedPart()
    {
        var range = Fresh(Bucket(100, 0.001));
        Assert.Equal(50, range.Handle(Renew(1, 80), Ms(0)).Grants[0].Amount);
        Assert.Equal(0, range.Handle(Renew(2, 80) with { Holder = "b" }, Ms(0)).Grants[0].Amount);
        Assert.Equal(50, Admitted(range.Handle(Acquire(3, 80), Ms(0))));
    }

    [Fact]
    public void Renew_TwoHolders_ShareFollowsDemand()
    {
        var range = Fresh(Bucket(100, 0.001));
        var small = new LeaseRenewal(Key, 1, 20, []);
        range.Handle(Renew(1, 0) with { Holder = "b", Renewals = [small] }, Ms(0));
        var large = range.Handle(Renew(1, 0) with { Renewals = [new LeaseRenewal(Key, 100, 80, [])] }, Ms(1)).Grants[0];
        Assert.Equal(40, large.Amount);
        Assert.Equal(2, large.Holders);
    }

    [Fact]
    public void Renew_ReturnInTime_TokensAreBack()
    {
        var range = Fresh(Bucket(100, 0.001));
        var grant = range.Handle(Renew(1, 50), Ms(0)).Grants[0];
        range.Handle(Renew(2, 0, new GrantReport(1, grant.GrantId, 20, 30)), Ms(900));
        Assert.Equal(80, Admitted(range.Handle(Acquire(3, 100), Ms(900))));
    }

    [Fact]
    public void Renew_ReportsRepeated_CountOnce()
    {
        var range = Fresh(Bucket(100, 0.001));
        var grant = range.Handle(Renew(1, 50), Ms(0)).Grants[0];
        var report = new GrantReport(1, grant.GrantId, 10, 30);
        range.Handle(Renew(2, 0, report, report), Ms(100));
        range.Handle(Renew(3, 0, report), Ms(200));
        Assert.Equal(80, Admitted(range.Handle(Acquire(4, 100), Ms(200))));
    }

    [Fact]
    public void Renew_ReturnAfterTheTtl_ChangesNothing()
    {
        var range = Fresh(Bucket(100, 0.001));
        var grant = range.Handle(Renew(1, 50), Ms(0)).Grants[0];
        range.Handle(Renew(2, 0, new GrantReport(1, grant.GrantId, 0, 50)), Ms(1001));
        Assert.Equal(50, Admitted(range.Handle(Acquire(3, 100), Ms(1001))));
    }

    [Fact]
    public void Renew_LeaseOfAnotherHolderOrEpochNamed_ChangesNothing()
    {
        var range = Fresh(Bucket(100, 0.001));
        var grant = range.Handle(Renew(1, 50), Ms(0)).Grants[0];
        range.Handle(Renew(2, 0, new GrantReport(0, grant.GrantId, 0, 50)), Ms(1));
        range.Handle(Renew(1, 0, new GrantReport(1, grant.GrantId, 0, 50)) with { Holder = "b" }, Ms(1));
        range.Handle(Renew(3, 0, new GrantReport(1, grant.GrantId, 10, 50)), Ms(1));
        range.Handle(Renew(4, 0, new GrantReport(1, grant.GrantId, -10, 0)), Ms(1));
        Assert.Equal(50, Admitted(range.Handle(Acquire(5, 100), Ms(1))));
    }

    [Fact]
    public void Renew_LeaseNeverMentionedAgain_IsSpentAtItsTtlAndRefilledFromThere()
    {
        var range = Fresh(Bucket(100, 10));
        range.Handle(Renew(1, 50), Ms(0));
        // Full with 50 out, so the bucket begins to refill only when the lease has ended.
        Assert.Equal(50, Admitted(range.Handle(Acquire(2, 100), Ms(999))));
        Assert.Equal(10, Admitted(range.Handle(Acquire(3, 100), Ms(2000))));
    }

    [Fact]
    public void Activation_NothingKnown_StartsEmptyAndRefillsAtOnce()
    {
        var range = new RateLimitRange(Bucket(100, 10), 2, 100, RestoreOutcome.Unknown, Ms(0));
        Assert.Equal(0, Admitted(range.Handle(Acquire(1, 5), Ms(0))));
        Assert.Equal(5, Admitted(range.Handle(Acquire(2, 100), Ms(500))));
    }

    [Fact]
    public void Activation_NothingKnown_LeasesOfTheOneBeforeAreTakenToBeOutForOneTtl()
    {
        var range = new RateLimitRange(Bucket(100, 1000), 2, 100, RestoreOutcome.Unknown, Ms(0));
        Assert.Equal(0, range.Handle(Renew(1, 50), Ms(900)).Grants[0].Amount);
        Assert.Equal(50, Admitted(range.Handle(Acquire(2, 100), Ms(900))));
        Assert.Equal(50, range.Handle(Renew(3, 50), Ms(1100)).Grants[0].Amount);
    }

    [Fact]
    public void Activation_EverybodyAnswered_ContinuesUsedKeysAndLeavesOthersFull()
    {
        var used = new RestoreRow(Key, new KeyWitness { Epoch = 1, Version = 2, Tokens = 20 }, TimeSpan.FromSeconds(2));
        var older = used with { Witness = used.Witness with { Version = 1, Tokens = 90 } };
        var range = new RateLimitRange(Bucket(100, 10), 2, 100, new RestoreOutcome(true, 1, [older, used, older]), Ms(0));
        Assert.Equal(39, Admitted(range.Handle(Acquire(1, 100), Ms(0))));
        Assert.Equal(100, Admitted(range.Handle(Acquire(2, 101, key: RateLimitKey.Of("other")), Ms(0))));
    }

    [Fact]
    public void Activation_WitnessedLeasesMayBeOut_TheirTokensStayAside()
    {
        var used = new RestoreRow(Key, new KeyWitness { Epoch = 1, Tokens = 60, Outstanding = 40 }, Ms(500));
        var range = new RateLimitRange(Bucket(100, 1000), 2, 100, new RestoreOutcome(true, 1, [used]), Ms(0));
        Assert.Equal(60, Admitted(range.Handle(Acquire(1, 100), Ms(0))));
    }

    [Fact]
    public void Activation_WitnessedLeasesAreOver_RefillCountsOnlyFromTheirEnd()
    {
        var used = new RestoreRow(Key, new KeyWitness { Epoch = 1, Tokens = 60, Outstanding = 40 }, Ms(1100));
        var range = new RateLimitRange(Bucket(100, 100), 2, 100, new RestoreOutcome(true, 1, [used]), Ms(0));
        Assert.Equal(69, Admitted(range.Handle(Acquire(1, 100), Ms(0))));
    }

    [Fact]
    public void Activation_FrontendsKnowAHigherEpoch_IsAboveIt() =>
        Assert.Equal(10, new RateLimitRange(Bucket(1, 1), 2, 1, new RestoreOutcome(true, 9, []), Ms(0)).Epoch);

    [Fact]
    public void Acquire_MoreKeysThanCapacity_NoUsedKeyBecomesFull()
    {
        var range = Fresh(Bucket(10, 0.0001), capacity: 16);
        range.Handle(Acquire(1, 10), Ms(0));
        for (var index = 0; index < 500; index++)
            range.Handle(Acquire(2 + index, 3, key: RateLimitKey.Of($"flood {index}")), Ms(1));
        Assert.True(range.KeyCount <= 16);
        Assert.Equal(0, Admitted(range.Handle(Acquire(1000, 10), Ms(2))));
        Assert.True(Admitted(range.Handle(Acquire(1001, 10, key: RateLimitKey.Of("flood 0")), Ms(2))) <= 7);
    }

    [Theory]
    [MemberData(nameof(OfEachAlgorithm))]
    public void Acquire_FloodOfInventedKeys_IsHeldToTheCapacityAndFreesNobody(string algorithm)
    {
        var rule = Rules[algorithm];
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 12].Array[1, 300]).Sample((capacity, flood) =>
        {
            var range = Fresh(rule, capacity);
            var seq = 0L;
            range.Handle(Acquire(++seq, 20), Ms(0));
            for (var index = 0; index < flood.Length; index++)
            {
                range.Handle(Acquire(++seq, flood[index], key: RateLimitKey.Of($"flood {index}")), Ms(index / 100.0));
                Assert.InRange(range.KeyCount, 1, capacity);
                Assert.Equal(0, Admitted(range.Handle(Acquire(++seq), Ms(index / 100.0))));
            }
        }, iter: 200);
    }

    [Fact]
    public void Hold_FewerThanThereAre_TheNextNewKeyMakesRoomAndFreesNobody()
    {
        var range = Fresh(Bucket(10, 0.0001), capacity: 100);
        range.Handle(Acquire(1, 10), Ms(0));
        for (var index = 0; index < 90; index++)
            range.Handle(Acquire(2 + index, 3, key: RateLimitKey.Of($"other {index}")), Ms(1));
        range.Hold(16);
        range.Handle(Acquire(100, 1, key: RateLimitKey.Of("new")), Ms(2));
        Assert.InRange(range.KeyCount, 1, 16);
        Assert.Equal(0, Admitted(range.Handle(Acquire(101, 10), Ms(2))));
    }

    [Fact]
    public void Acquire_TableFullOfLeases_NewKeysAreRefused()
    {
        var range = Fresh(Bucket(10, 0.0001), capacity: 1);
        range.Handle(Renew(1, 5), Ms(0));
        Assert.Equal(0, Admitted(range.Handle(Acquire(2, 1, key: RateLimitKey.Of("new")), Ms(1))));
        Assert.Equal(1, Admitted(range.Handle(Acquire(3, 1, key: RateLimitKey.Of("new")), Ms(1001))));
    }

    [Fact]
    public void Tick_KeyAsGoodAsNeverUsed_IsDropped()
    {
        var range = Fresh(Bucket(10, 10));
        range.Handle(Acquire(1, 5), Ms(0));
        range.Tick(Ms(400));
        Assert.Equal(1, range.KeyCount);
        range.Tick(Ms(501));
        Assert.Equal(0, range.KeyCount);
    }

    [Fact]
    public void TryReconfigure_SmallerBucket_KeepsWhatWasSpentAndLeased()
    {
        var range = Fresh(Bucket(100, 0.001));
        range.Handle(Renew(1, 10), Ms(0));
        Assert.True(range.TryReconfigure(Bucket(20, 0.001), Ms(1)));
        Assert.Equal(10, Admitted(range.Handle(Acquire(2, 100), Ms(2))));
    }

    [Fact]
    public void TryReconfigure_LargerBucket_RefillsToItAtTheRate()
    {
        var range = Fresh(Bucket(10, 10));
        range.Handle(Acquire(1, 10), Ms(0));
        Assert.True(range.TryReconfigure(Bucket(100, 20), Ms(500)));
        Assert.Equal(15, Admitted(range.Handle(Acquire(2, 100), Ms(1000))));
    }

    [Fact]
    public void TryReconfigure_OtherWindow_NeedsANewRange() =>
        Assert.False(Fresh(Window(10, Ms(1000))).TryReconfigure(Window(10, Ms(2000)), Ms(0)));

    [Fact]
    public void SlidingWindow_WorkedExample_Gives50()
    {
        var range = Fresh(Window(100, TimeSpan.FromSeconds(60)));
        Assert.Equal(80, Admitted(range.Handle(Acquire(1, 80), TimeSpan.FromSeconds(30))));
        Assert.Equal(30, Admitted(range.Handle(Acquire(2, 30), TimeSpan.FromSeconds(105))));
        Assert.Equal(50, Admitted(range.Handle(Acquire(3, 100), TimeSpan.FromSeconds(105))));
    }

    [Fact]
    public void SlidingWindow_Refused_RetryAfterIsTheFirstMomentOfAdmission() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[0, 999], Gen.Int[1, 31]).Sample((limit, first, second, elapsed, cost) =>
        {
            var range = Fresh(Window(limit, Ms(1000)));
            range.Handle(Acquire(1, first), Ms(999));
            range.Handle(Acquire(2, second), Ms(1000 + elapsed));
            var entry = new AcquireEntry(Key, cost);
            var decision = range.Handle(Acquire(3) with { Acquires = [entry] }, Ms(1000 + elapsed)).Decisions[0];
            if (decision.IsAdmitted || cost > limit)
                return decision.RetryAfter == (decision.IsAdmitted ? TimeSpan.Zero : TimeSpan.MaxValue);
            var at = Ms(1000 + elapsed) + decision.RetryAfter;
            var early = range.Handle(Acquire(4) with { Acquires = [entry] }, at - TimeSpan.FromTicks(20)).Decisions[0];
            var inTime = range.Handle(Acquire(5) with { Acquires = [entry] }, at + TimeSpan.FromTicks(20)).Decisions[0];
            return !early.IsAdmitted && inTime.IsAdmitted;
        });

    [Fact]
    public void SlidingWindow_EverybodyAnswered_ContinuesTheWitnessedWindow()
    {
        var witness = new KeyWitness { Epoch = 1, Version = 1, Previous = 8, Current = 2, Elapsed = Ms(400) };
        var range = new RateLimitRange(Window(10, Ms(1000)), 2, 100, new RestoreOutcome(true, 1, [new RestoreRow(Key, witness, Ms(100))]), Ms(0));
        // 100 ms of age count for a little less, so that half of 8 is still a little more than 4.
        Assert.Equal(3, Admitted(range.Handle(Acquire(1, 10), Ms(0))));
        Assert.Equal(1, Admitted(range.Handle(Acquire(2, 10), Ms(1))));
    }
}
