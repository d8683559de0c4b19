using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Frontend.Leases;

/// <summary>What a front-end holds of one key: its leases, and until when the range said that asking is pointless.</summary>
internal sealed class KeyLimiter(LimitRule rule, RateLimitKey key) : IChargeSource
{
    private static readonly long UseGranularity = TimeSpan.FromSeconds(1).Ticks;

    /// <summary>A limit may be raised, and the silo that refused may hear of it after this front-end; one question a second costs nobody anything.</summary>
    private static readonly TimeSpan LongestMemory = TimeSpan.FromSeconds(1);

    private long _refusedUntil;
    private long _refusedAgainAt;
    private int _refusedCost;
    private long _usedAt;
    private int _queued;
    private int _leftOfAll;
    private long _resetAt;

    public LeaseHolder Leases { get; } = new(rule, key);

    public TimeSpan UsedAt => TimeSpan.FromTicks(Volatile.Read(ref _usedAt));

    /// <summary>Notes that the key is in use; written once a second, because all threads share the line.</summary>
    public void Touch(TimeSpan now)
    {
        if (now.Ticks - Volatile.Read(ref _usedAt) > UseGranularity)
            Volatile.Write(ref _usedAt, now.Ticks);
    }

    /// <summary>
    /// Whether the range would refuse this cost for certain. It said so for a cost no larger and a time not yet over, and only
    /// somebody else's returned tokens could have changed it, so that a flood costs the range one question a token.
    /// </summary>
    public bool IsRefused(TimeSpan now, int cost, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.FromTicks(Volatile.Read(ref _refusedAgainAt)) - now;
        return now.Ticks < Volatile.Read(ref _refusedUntil) && cost >= Volatile.Read(ref _refusedCost);
    }

    /// <summary>Remembers a refusal of the range. Counted from when it was asked, so that the next question is there when there is something to have.</summary>
    public void Refused(TimeSpan sentAt, TimeSpan now, int cost, TimeSpan retryAfter)
    {
        // A cost that never fits says nothing about smaller ones, and is refused by the range each time.
        if (retryAfter == TimeSpan.MaxValue)
            return;
        Volatile.Write(ref _refusedCost, cost);
        Volatile.Write(ref _refusedAgainAt, (now + retryAfter).Ticks);
        Volatile.Write(ref _refusedUntil, (sentAt + (retryAfter < LongestMemory ? retryAfter : LongestMemory)).Ticks);
    }

    /// <summary>Takes the answer to the renewal sent last.</summary>
    public void Granted(in LeaseGrant grant, long epoch, TimeSpan sentAt, TimeSpan now)
    {
        Remember(grant.Quota, now);
        Leases.Apply(grant, epoch, sentAt, now);
    }

    /// <summary>What is left for this front-end after the range decided: what the range says, and the leases, which it does not count among it.</summary>
    public LimitQuota QuotaAfter(in LimitQuota decided, TimeSpan now)
    {
        Remember(decided, now);
        return Leases.Left(now) > 0 ? Quota(now) : decided;
    }

    /// <summary>What is left for this front-end: its leases, and what was left of all when the range said it last.</summary>
    public LimitQuota Quota(TimeSpan now)
    {
        var left = Leases.Left(now) + (long)Volatile.Read(ref _leftOfAll);
        if (rule.Algorithm == RateLimitAlgorithm.TokenBucket)
            return rule.QuotaOf(left);
        var reset = TimeSpan.FromTicks(Math.Max(0, Volatile.Read(ref _resetAt) - now.Ticks));
        return new LimitQuota((int)Math.Min(left, int.MaxValue), reset);
    }

    private void Remember(in LimitQuota quota, TimeSpan now)
    {
        Volatile.Write(ref _leftOfAll, quota.Remaining);
        Volatile.Write(ref _resetAt, (now + (quota.ResetAfter < TimeSpan.MaxValue - now ? quota.ResetAfter : TimeSpan.MaxValue - now)).Ticks);
    }

    void IChargeSource.GiveBack(LeasePart part) => Leases.GiveBack(part);

    // Spent is what a lease takes for granted.
    void IChargeSource.Keep()
    {
    }

    /// <summary>Claims the place of this key in the queue of renewals; false when it is queued already.</summary>
    public bool TryQueue() => Volatile.Read(ref _queued) == 0 && Interlocked.Exchange(ref _queued, 1) == 0;

    /// <summary>Frees that place.</summary>
    public void Dequeued() => Volatile.Write(ref _queued, 0);
}
