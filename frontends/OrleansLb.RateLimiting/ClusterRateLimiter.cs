using System.Threading.RateLimiting;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.RateLimiting;

/// <summary>
/// One key of one of the cluster's policies. <see cref="RateLimiter.AttemptAcquire"/> decides without a call, so it fails unless a lease pays;
/// <see cref="RateLimiter.AcquireAsync"/> asks the cluster, and in a leaky bucket waits for its turn. Of a policy of requests in flight a lease holds its permits until it is disposed.
/// </summary>
internal sealed class ClusterRateLimiter(RateLimiterTable limiters, RateLimitMetrics metrics, TimeProvider clock, string policy, RateLimitKey key) : RateLimiter
{
    private long _lastUse = clock.GetTimestamp();
    private long _successful;
    private long _failed;
    private int _waiting;

    /// <summary>Time since anybody used it, while nobody waits: then it may be dropped, because it holds nothing that another of the same key would lack.</summary>
    public override TimeSpan? IdleDuration => Volatile.Read(ref _waiting) > 0 ? null : clock.GetElapsedTime(Volatile.Read(ref _lastUse));

    /// <summary>What passed through this object; how much the cluster could still admit it does not know.</summary>
    public override RateLimiterStatistics GetStatistics() => new()
    {
        CurrentQueuedCount = Volatile.Read(ref _waiting),
        TotalSuccessfulLeases = Interlocked.Read(ref _successful),
        TotalFailedLeases = Interlocked.Read(ref _failed),
    };

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        Used();
        if (Find() is not { } limiter)
            return Answer(ClusterRateLimitLease.UnknownPolicy);
        // Zero permits ask whether one would be had now; it is not known unless it was refused a moment ago.
        if (permitCount == 0)
            return Answer(limiter.IsKnownRefused(key, out var retryAfter) ? ClusterRateLimitLease.Refused(retryAfter) : ClusterRateLimitLease.Admitted);
        if (!limiter.TryDecide(key, permitCount, out var outcome))
            return ClusterRateLimitLease.Undecided;
        return Decided(limiter, outcome);
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        permitCount > 0 && Find() is { } limiter
            ? new(Ask(limiter, permitCount, cancellationToken))
            : new(AttemptAcquireCore(permitCount));

    private async Task<RateLimitLease> Ask(PolicyLimiter limiter, int permitCount, CancellationToken cancellationToken)
    {
        Used();
        Interlocked.Increment(ref _waiting);
        try
        {
            var outcome = await limiter.Acquire(key, permitCount, cancellationToken, static token => token);
            var lease = Decided(limiter, outcome);
            return outcome.Verdict == LimitVerdict.Abandoned ? throw new TaskCanceledException(null, null, cancellationToken) : lease;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>The policy in force for this key; keys of a larger plan have one of their own.</summary>
    private PolicyLimiter? Find()
    {
        var limiter = limiters.Find(policy);
        return limiter?.Policy.Overrides.Find(key) is { } other ? limiters.Find(other) ?? limiter : limiter;
    }

    private ClusterRateLimitLease Decided(PolicyLimiter limiter, in LimitOutcome outcome)
    {
        metrics.Decided(limiter.Policy.PublicName, outcome);
        return Answer(limiter.Policy.DryRun && !outcome.Slot.IsHeld ? ClusterRateLimitLease.Admitted : ClusterRateLimitLease.Of(outcome));
    }

    private ClusterRateLimitLease Answer(ClusterRateLimitLease lease)
    {
        if (lease.IsAcquired)
            Interlocked.Increment(ref _successful);
        else
            Interlocked.Increment(ref _failed);
        return lease;
    }

    private void Used() => Volatile.Write(ref _lastUse, clock.GetTimestamp());
}
