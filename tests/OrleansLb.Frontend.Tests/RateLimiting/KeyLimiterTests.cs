using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Frontend.Tests.RateLimiting;

public sealed class KeyLimiterTests
{
    private static readonly LimitRule Rule = new()
    {
        Algorithm = RateLimitAlgorithm.FixedWindow,
        Mode = RateLimitMode.Exact,
        WhenUnreachable = WhenUnreachable.Deny,
        PermitLimit = 1,
        Window = TimeSpan.FromDays(1),
    };

    [Fact]
    public void IsRefused_ForLong_TheRangeIsAskedAgainEverySecondAndClientsAreToldTheWholeTime()
    {
        var limiter = new KeyLimiter(Rule, default);
        limiter.Refused(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), cost: 1, TimeSpan.FromHours(1));

        Assert.True(limiter.IsRefused(TimeSpan.FromSeconds(10.9), 1, out var retryAfter));
        Assert.Equal(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(0.9), retryAfter);
        Assert.False(limiter.IsRefused(TimeSpan.FromSeconds(11), 1, out _));
    }

    [Fact]
    public void IsRefused_ForShort_IsUntilThen()
    {
        var limiter = new KeyLimiter(Rule, default);
        limiter.Refused(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), cost: 2, TimeSpan.FromMilliseconds(100));

        Assert.True(limiter.IsRefused(TimeSpan.FromSeconds(10.09), 2, out _));
        Assert.False(limiter.IsRefused(TimeSpan.FromSeconds(10.09), 1, out _));
        Assert.False(limiter.IsRefused(TimeSpan.FromSeconds(10.1), 2, out _));
    }

    [Fact]
    public void IsRefused_AnswerTookLong_TheNextQuestionIsNotLaterForIt()
    {
        var limiter = new KeyLimiter(Rule, default);
        limiter.Refused(sentAt: TimeSpan.FromSeconds(10), now: TimeSpan.FromSeconds(10.05), cost: 1, TimeSpan.FromMilliseconds(100));

        Assert.True(limiter.IsRefused(TimeSpan.FromSeconds(10.09), 1, out var retryAfter));
        Assert.Equal(TimeSpan.FromMilliseconds(60), retryAfter);
        Assert.False(limiter.IsRefused(TimeSpan.FromSeconds(10.1), 1, out _));
    }
}
