using Microsoft.Extensions.Logging;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Core.Concurrency.Keys;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Cluster;

namespace OrleansLb.Frontend.Leases;

/// <summary>A policy of requests in flight at this front-end. While slots are free here and nobody waits, a request enters and leaves without a lock or an allocation.</summary>
internal sealed class SlotLimiter(
    string policyName,
    LimitRule rule,
    FrontendIdentity identity,
    IClusterLink link,
    ClusterContact contact,
    LimitShare share,
    LimitClock clock,
    ILogger logger) : IDisposable
{
    /// <summary>Nobody knows when a request ends, so this only keeps clients from asking without a pause.</summary>
    private static readonly TimeSpan Advice = TimeSpan.FromSeconds(1);

    private readonly RangeSlots?[] _ranges = new RangeSlots?[RateLimitKey.RangeCount];
    private readonly Lock _lock = new();
    private LimitRule _rule = rule;

    /// <summary>Decides at once where that takes no question to the cluster.</summary>
    public bool TryDecide(AcquireEntry entry, bool tellsLeft, out LimitOutcome outcome)
    {
        var (now, holder) = (clock.Now, RangeOf(entry.Key).Holder);
        outcome = default;
        if (holder.TryEnter(entry.Key, entry.Cost, now) is not { } slots)
        {
            var rule = Volatile.Read(ref _rule);
            var mayEver = rule.MayEverAdmit(entry.Cost);
            if (mayEver && (rule.QueueLimit > 0 || !holder.IsKnownFull(entry.Key, now)))
                return false;
            if (mayEver)
                holder.Refused(entry.Key, entry.Cost);
            outcome = new LimitOutcome(LimitVerdict.Rejected, mayEver ? Advice : TimeSpan.MaxValue);
            return true;
        }

        outcome = new LimitOutcome(holder.IsAlone ? LimitVerdict.AdmittedAlone : LimitVerdict.AdmittedByLease, TimeSpan.Zero)
        {
            Slot = new LimitSlot(slots, entry.Cost),
            Quota = tellsLeft ? QuotaOf(slots, holder) : null,
        };
        return true;
    }

    /// <summary>Asks the cluster, and waits where the policy has a queue.</summary>
    public async Task<LimitOutcome> Ask(AcquireEntry entry, CancellationToken aborted)
    {
        var policy = _rule;
        var (range, pending, began) = (RangeOf(entry.Key), new PendingSlot(entry.Key, entry.Cost), clock.Now);
        var decision = await range.Wait(pending, aborted);
        return decision switch
        {
            KeySlotOutcome.Entered => Admitted(LimitVerdict.AdmittedByRange, pending, range.Holder, began),
            KeySlotOutcome.EnteredAlone => Admitted(LimitVerdict.AdmittedAlone, pending, range.Holder, began),
            KeySlotOutcome.Left => new LimitOutcome(LimitVerdict.Abandoned, TimeSpan.Zero),
            KeySlotOutcome.Refused => new LimitOutcome(LimitVerdict.Rejected, Advice),
            KeySlotOutcome.RefusedAlone => new LimitOutcome(LimitVerdict.RejectedAlone, Advice),
            _ when policy.WhenUnreachable == WhenUnreachable.Allow => new LimitOutcome(LimitVerdict.AdmittedAlone, TimeSpan.Zero),
            _ => new LimitOutcome(LimitVerdict.Unavailable, Advice),
        };
    }

    /// <summary>Whether the range has just said that all slots of a key are in use, and none is free here.</summary>
    public bool IsKnownRefused(RateLimitKey key, out TimeSpan retryAfter)
    {
        retryAfter = Advice;
        return _rule.QueueLimit == 0 && RangeOf(key).Holder.IsKnownFull(key, clock.Now);
    }

    /// <summary>Takes over changed numbers.</summary>
    public void Reconfigure(LimitRule changed)
    {
        lock (_lock)
        {
            Volatile.Write(ref _rule, changed);
            foreach (var range in _ranges)
                range?.Reconfigure(changed);
        }
    }

    /// <summary>Lets everybody in who waits: the policy counts something else now.</summary>
    public void Dissolve()
    {
        lock (_lock)
        {
            foreach (var range in _ranges)
                range?.Dissolve(_rule);
        }
    }

    /// <summary>Tells a new activation what is held of its range.</summary>
    public LimitRangeReport Report(int range, long epoch)
    {
        var recall = RangeOf(range).Holder.Recall(epoch, clock.Now);
        return new LimitRangeReport(IsComplete: true, recall.NewestEpoch, Keys: []) { Slots = recall.Report.ToWire() };
    }

    public void Dispose()
    {
        foreach (var range in _ranges)
            range?.Dispose();
    }

    private LimitOutcome Admitted(LimitVerdict verdict, PendingSlot pending, KeySlotHolder holder, TimeSpan began) => new(verdict, TimeSpan.Zero)
    {
        Waited = pending.IsQueued ? clock.Now - began : TimeSpan.Zero,
        Slot = new LimitSlot(pending.Slots!, pending.Count),
        Quota = QuotaOf(pending.Slots!, holder),
    };

    private static LimitQuota? QuotaOf(KeySlots slots, KeySlotHolder holder) => holder.IsAlone ? null : new LimitQuota(slots.Left, TimeSpan.MaxValue);

    private RangeSlots RangeOf(RateLimitKey key) => RangeOf(key.Range);

    private RangeSlots RangeOf(int range)
    {
        if (Volatile.Read(ref _ranges[range]) is { } known)
            return known;
        lock (_lock)
            return _ranges[range] ??= new RangeSlots(IRateLimitRangeGrain.KeyOf(policyName, range), identity, _rule, link, contact, share, clock, logger);
    }
}
