using CsCheck;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using static OrleansLb.Core.Tests.RateLimiting.LimitRules;

namespace OrleansLb.Core.Tests.RateLimiting;

/// <summary>What clients are told of their limit is true at that moment.</summary>
public sealed class LimitQuotaTests
{
    public static TheoryData<RateLimitAlgorithm> Algorithms => [.. Enum.GetValues<RateLimitAlgorithm>()];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Remaining_IsWhatIsAdmittedNext(RateLimitAlgorithm algorithm) =>
        Gen.Select(Gen.Int[1, 100], GenArrivals).Sample((limit, arrivals) =>
        {
            var (range, last, quota) = After(RuleOf(algorithm, limit), arrivals);
            Assert.Equal(quota.Remaining, Admitted(range.Handle(Acquire(1000, limit + 2), last)));
        });

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void ResetAfter_IsWhenNothingCountsAnyMore(RateLimitAlgorithm algorithm) =>
        Gen.Select(Gen.Int[4, 100], GenArrivals).Sample((limit, arrivals) =>
        {
            var (range, last, quota) = After(RuleOf(algorithm, limit), arrivals);
            // The first of all requests fits, so something counts.
            Assert.True(quota.ResetAfter > TimeSpan.Zero);
            Assert.True(QuotaAt(range, 1000, last + (quota.ResetAfter / 2)).ResetAfter > TimeSpan.Zero);
            Assert.Equal(new LimitQuota(limit, TimeSpan.Zero), QuotaAt(range, 1001, last + quota.ResetAfter));
        });

    [Fact]
    public void QuotaOf_BucketThatDoesNotFill_IsNeverReset()
    {
        Assert.Equal(new LimitQuota(3, TimeSpan.MaxValue), Bucket(10, 0).QuotaOf(3.9));
        Assert.Equal(TimeSpan.MaxValue, Bucket(1e9, 1e-9).QuotaOf(0).ResetAfter);
        Assert.Equal(new LimitQuota(0, TimeSpan.FromSeconds(6)), Bucket(10, 2).QuotaOf(-2));
    }

    private static (RateLimitRange Range, TimeSpan Last, LimitQuota Quota) After(LimitRule rule, (int At, int Cost)[] arrivals)
    {
        var (range, seq, last, quota) = (Fresh(rule), 0, 0, default(LimitQuota));
        foreach (var (at, cost) in arrivals.OrderBy(static arrival => arrival.At))
        {
            quota = range.Handle(Acquire(++seq) with { Acquires = [new AcquireEntry(Key, cost)] }, Ms(at)).Decisions[0].Quota;
            last = at;
        }

        return (range, Ms(last), quota);
    }

    // A cost that never fits changes nothing.
    private static LimitQuota QuotaAt(RateLimitRange range, long seq, TimeSpan at) =>
        range.Handle(Acquire(seq) with { Acquires = [new AcquireEntry(Key, 1_000_000)] }, at).Decisions[0].Quota;

    private static LimitRule RuleOf(RateLimitAlgorithm algorithm, int limit) => algorithm switch
    {
        RateLimitAlgorithm.TokenBucket => Bucket(limit, limit / 2.0),
        RateLimitAlgorithm.LeakyBucket => Queue(limit, limit - 1),
        _ => Window(limit, TimeSpan.FromSeconds(1), algorithm),
    };
}
