using CsCheck;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using static OrleansLb.Core.Tests.RateLimiting.LimitRules;

namespace OrleansLb.Core.Tests.RateLimiting;

/// <summary>What operators see of the keys of a range, and their one way to give a key more than its limit.</summary>
public sealed class KeyUsageTests
{
    private const int Limit = 10;

    public static TheoryData<LimitRule> Rules =>
    [
        Bucket(Limit, 0.01),
        Queue(0.01, Limit - 1),
        Window(Limit, Ms(600_000), RateLimitAlgorithm.FixedWindow, RateLimitMode.Leased),
        Window(Limit, Ms(600_000), mode: RateLimitMode.Leased),
        Window(Limit, Ms(600_000), RateLimitAlgorithm.SlidingWindowLog, RateLimitMode.Leased),
    ];

    [Theory]
    [MemberData(nameof(Rules))]
    public void MostUsed_AnyKeys_AreTheOnesThatUsedMost(LimitRule rule) => Gen.Int[0, Limit].Array[1, 40].Select(Gen.Int[1, 10]).Sample((uses, count) =>
    {
        var range = Fresh(rule);
        for (var index = 0; index < uses.Length; index++)
            range.Handle(Acquire(index + 1, uses[index], key: KeyOf(index)), Ms(1));

        var most = range.MostUsed(count, Ms(1));

        Assert.Equal(
            uses.Where(static use => use > 0).OrderDescending().Take(count).Select(static use => (Used: (double)use, Left: Limit - use)),
            most.Select(static usage => (Math.Round(usage.Used, 3), usage.Quota.Remaining)));
        Assert.All(most, usage => Assert.Equal(usage, range.Find(usage.Key, Ms(1))));
    });

    [Theory]
    [MemberData(nameof(Rules))]
    public void Reset_UsedUpKey_BeginsAnewAndNoOther(LimitRule rule)
    {
        var range = Fresh(rule);
        range.Handle(Acquire(1, Limit, key: KeyOf(1)), Ms(1));
        range.Handle(Acquire(2, Limit, key: KeyOf(2)), Ms(1));

        var before = range.Reset(KeyOf(1), Ms(2));

        Assert.Equal(0, before!.Value.Quota.Remaining);
        Assert.Equal(Limit, Admitted(range.Handle(Acquire(3, 2 * Limit, key: KeyOf(1)), Ms(2))));
        Assert.Equal(0, Admitted(range.Handle(Acquire(4, 1, key: KeyOf(2)), Ms(2))));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Reset_PartIsLeased_ThatStaysOut(LimitRule rule)
    {
        if (rule.Algorithm == RateLimitAlgorithm.LeakyBucket)
            return;
        var range = Fresh(rule);
        Assert.Equal(5, range.Handle(Renew(1, 5), Ms(1)).Grants[0].Amount);

        range.Reset(Key, Ms(2));

        Assert.Equal(5, Admitted(range.Handle(Acquire(2, Limit), Ms(2))));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Reset_SomethingWasHeld_ItDoesNotComeBackAsWell(LimitRule rule)
    {
        var range = Fresh(rule);
        var held = range.Handle(Acquire(1, 0) with { Acquires = [new AcquireEntry(Key, 4) { MayBeGivenBack = true }] }, Ms(1)).Decisions[0];
        range.Reset(Key, Ms(2));
        range.Handle(Acquire(2, 4), Ms(2));

        var settlement = new ChargeSettlement(Key, 4, 1, held.Ticket, IsGivenBack: true);

        Assert.Equal(Limit - 4, Admitted(range.Handle(Acquire(3, Limit) with { Settlements = [settlement] }, Ms(2))));
    }

    [Fact]
    public void FindAndReset_KeyThatNobodyUsed_IsNone()
    {
        var range = Fresh(Bucket(Limit, 1));

        Assert.Null(range.Find(Key, Ms(1)));
        Assert.Null(range.Reset(Key, Ms(1)));
        Assert.Equal(0, range.KeyCount);
    }

    [Fact]
    public void Key_ItsText_IsReadAgain() => Gen.Select(Gen.ULong, Gen.ULong).Sample((high, low) =>
        RateLimitKey.TryParse(new RateLimitKey(high, low).ToString(), out var key) && key == new RateLimitKey(high, low));

    [Theory]
    [InlineData("")]
    [InlineData("0c7d1d0fd32a7b7f6c3bd7a3e1e4f9a")]
    [InlineData("0c7d1d0fd32a7b7f6c3bd7a3e1e4f9aaa")]
    [InlineData("0c7d1d0fd32a7b7f6c3bd7a3e1e4f9ax")]
    [InlineData(" 0c7d1d0fd32a7b7f6c3bd7a3e1e4f9a")]
    public void TryParse_NoKey_IsRefused(string text) => Assert.False(RateLimitKey.TryParse(text, out _));

    private static RateLimitKey KeyOf(int index) => RateLimitKey.Of($"key {index}");
}
