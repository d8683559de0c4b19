using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Frontend.Leases;

/// <summary>A request that waits for the range.</summary>
internal sealed class PendingAcquire(KeyLimiter? limiter, RateLimitKey key, int cost, TimeSpan giveUpAt)
    : TaskCompletionSource<LimitOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public KeyLimiter? Limiter => limiter;

    public RateLimitKey Key => key;

    public int Cost => cost;

    public TimeSpan GiveUpAt => giveUpAt;
}
