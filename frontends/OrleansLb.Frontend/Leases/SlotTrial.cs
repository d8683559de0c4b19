using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Frontend.Leases;

/// <summary>
/// A request at a limit of requests in flight that is only tried out: it goes on at once, and has a slot from when the limit would have admitted it until it ends, or none.
/// </summary>
internal sealed class SlotTrial : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Task<LimitOutcome> _decision;

    private SlotTrial(PolicyLimiter limiter, RateLimitKey key) => _decision = limiter.Acquire(key, 1, _ended.Token, static ended => ended).AsTask();

    /// <summary>Begins, and counts what is decided once it is.</summary>
    public static LimitSlot Start(PolicyLimiter limiter, RateLimitKey key, RateLimitMetrics metrics)
    {
        var trial = new SlotTrial(limiter, key);
        _ = trial.Count(limiter.Policy.PublicName, metrics);
        return new LimitSlot(trial);
    }

    /// <summary>Ends with the request, decided or not.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _ = Release();
    }

    private async Task Count(string policy, RateLimitMetrics metrics) => metrics.Decided(policy, await _decision);

    private async Task Release()
    {
        (await _decision).Slot.Release();
        _ended.Dispose();
    }
}
