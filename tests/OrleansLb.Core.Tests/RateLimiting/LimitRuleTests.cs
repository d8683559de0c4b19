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
    public void Of_NumberMissing_NamesThePolicy()
    {
        var policy = new RateLimitPolicyDefinition { Name = "perClient", Algorithm = RateLimitAlgorithm.SlidingWindowCounter, PermitLimit = 5 };
        Assert.Contains("perClient", Assert.Throws<ArgumentException>(() => LimitRule.Of(policy)).Message, StringComparison.Ordinal);
    }

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
