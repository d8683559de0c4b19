using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.RateLimiting;

public sealed class LimitRuleTests
{
    [Fact]
    public void Of_TokenBucket_TakesBurstAndRate()
    {
        var rule = LimitRule.Of(new RateLimitPolicyDefinition
        {
            Name = "p",
            Algorithm = RateLimitAlgorithm.TokenBucket,
            TokenLimit = 30,
            TokensPerPeriod = 5,
            ReplenishmentPeriod = TimeSpan.FromSeconds(2),
        });
        Assert.Equal((30, 2.5, 15), (rule.Burst, rule.Rate, rule.LeaseCap));
    }

    [Fact]
    public void Of_Concurrency_TakesLimitAndQueueAndRemembersForALease()
    {
        var rule = LimitRule.Of(new RateLimitPolicyDefinition { Name = "p", Algorithm = RateLimitAlgorithm.Concurrency, PermitLimit = 7, QueueLimit = 3 });
        Assert.Equal((7, 3, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(6)), (rule.PermitLimit, rule.QueueLimit, rule.QueueTimeout, rule.Horizon));
        Assert.False(rule.SetsSharesAside);
        Assert.Throws<ArgumentException>(static () => LimitRule.Of(new RateLimitPolicyDefinition { Name = "p", Algorithm = RateLimitAlgorithm.Concurrency }));
    }

    [Fact]
    public void Of_NumberMissing_NamesThePolicy()
    {
        var policy = new RateLimitPolicyDefinition { Name = "perClient", Algorithm = RateLimitAlgorithm.SlidingWindowCounter, PermitLimit = 5 };
        Assert.Contains("perClient", Assert.Throws<ArgumentException>(() => LimitRule.Of(policy)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_AnySharesOfAnyLimit_TogetherAreNoMoreThanTheLimit()
    {
        foreach (var limit in (int[])[1, 2, 3, 5, 7, 10, 49, 50, 99, 100, 1000, 999_999_937, 1_000_000_000])
        {
            var rule = LimitRules.Window(limit, TimeSpan.FromSeconds(1));
            for (var frontends = 1; frontends <= 60; frontends++)
            {
                var reserved = 0.0;
                for (var alone = 1; alone <= frontends; alone++)
                {
                    // As the range adds them up.
                    reserved = Math.Min(1, reserved + (1.0 / frontends));
                    var admitted = ((long)alone * rule.Scaled(1.0 / frontends).PermitLimit) + rule.Without(reserved).PermitLimit;
                    Assert.True(admitted <= limit, $"{admitted} of {limit} with {alone} of {frontends} on their own");
                    Assert.True(rule.PermitsOf(reserved) >= alone * rule.Scaled(1.0 / frontends).PermitLimit);
                }
            }
        }
    }

    [Fact]
    public void Without_AShareOfASmallLimit_LeavesIt() =>
        Assert.Equal(1, LimitRules.Window(1, TimeSpan.FromSeconds(1)).Without(0.5).PermitLimit);

    [Fact]
    public void RangesOfKeys_ManyTexts_AreSpreadEvenly()
    {
        var counts = new int[RateLimitKey.RangeCount];
        for (var index = 0; index < 100 * counts.Length; index++)
            counts[RateLimitKey.Of($"10.0.{index / 256}.{index % 256}").Range]++;
        Assert.InRange(counts.Min(), 50, 100);
        Assert.InRange(counts.Max(), 100, 160);
    }
}
