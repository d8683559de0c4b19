using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// The leases of one key at one front-end. <see cref="TryAdmit"/>, <see cref="NeedsRenewal"/> and <see cref="Left"/> may be called by any thread at any
/// time, take no lock and allocate nothing; the other members belong to the one loop that talks to the range.
/// </summary>
/// <param name="rule">The policy's numbers.</param>
/// <param name="key">The key.</param>
public sealed class LeaseHolder(LimitRule rule, RateLimitKey key)
{
    // One lease is spent, one follows and one waits for its last report; a fourth hides a lost reply.
    private const int SlotCount = 4;

    private readonly LeaseSlot[] _slots = new LeaseSlot[SlotCount];
    private readonly bool _givesTurns = rule.Algorithm == RateLimitAlgorithm.LeakyBucket;
    private LeaseDemand _demand;
    private long _missed;
    private long _surplusAt = long.MaxValue;
    private int _lowMark;
    private int _holders = 1;

    /// <summary>The key.</summary>
    public RateLimitKey Key => key;

    /// <summary>Tokens a second that this front-end is asked for, averaged over about half a ttl.</summary>
    public double Demand => _demand.PerSecond;

    /// <summary>Spends permits of a lease.</summary>
    /// <param name="now">The time, read for this request.</param>
    /// <param name="cost">Permits needed, at least 1.</param>
    /// <param name="delay">How long what is admitted has to wait for its turn; zero but for a leaky bucket.</param>
    /// <returns>False when there is no lease to spend from: ask the range.</returns>
    public bool TryAdmit(TimeSpan now, int cost, out TimeSpan delay)
    {
        _demand.Ask(cost);
        if (TryTakeAny(now, cost, out delay, out _) || (cost > 1 && !_givesTurns && TryTakeTogether(now, cost)))
            return true;
        Volatile.Write(ref _missed, 1);
        return false;
    }

    /// <summary>Spends permits of a lease that may be given back.</summary>
    /// <param name="now">The time, read for this request.</param>
    /// <param name="cost">Permits needed, at least 1.</param>
    /// <param name="delay">As for <see cref="TryAdmit"/>.</param>
    /// <param name="taken">What was spent.</param>
    /// <returns>False when no lease alone has them: ask the range.</returns>
    public bool TryHold(TimeSpan now, int cost, out TimeSpan delay, out LeasePart taken)
    {
        _demand.Ask(cost);
        if (TryTakeAny(now, cost, out delay, out taken))
            return true;
        Volatile.Write(ref _missed, 1);
        return false;
    }

    /// <summary>
    /// Puts permits back into their lease. They stay spent once a report has counted them so, since their place at the range is free from then on; and so do
    /// turns, for the next may have been taken meanwhile.
    /// </summary>
    /// <param name="taken">What <see cref="TryHold"/> spent, and nothing was done with.</param>
    public void GiveBack(in LeasePart taken) => _slots[taken.Slot].PutBack(taken.Word);

    /// <summary>Whether a renewal is due: below half, something to give back, or nothing to spend.</summary>
    /// <param name="now">The time.</param>
    public bool NeedsRenewal(TimeSpan now)
    {
        if (Volatile.Read(ref _missed) != 0 || now.Ticks >= Volatile.Read(ref _surplusAt))
            return true;
        return Left(now) < Volatile.Read(ref _lowMark);
    }

    /// <summary>Tokens of all leases that can be spent.</summary>
    /// <param name="now">The time.</param>
    public int Left(TimeSpan now)
    {
        var left = 0;
        foreach (ref readonly var slot in _slots.AsSpan())
            left += slot.Left(now);
        return left;
    }

    /// <summary>Accounts for all leases and says what is wanted. Send it at once, or its tokens to give back are lost.</summary>
    /// <param name="now">The time.</param>
    /// <param name="roundTrip">Time of one call to the range, for <see cref="RateLimitMode.Auto"/>.</param>
    /// <returns>The renewal; null when there is nothing to report and nothing to ask for.</returns>
    public LeaseRenewal? Renew(TimeSpan now, TimeSpan roundTrip)
    {
        var missed = Interlocked.Exchange(ref _missed, 0) != 0;
        _demand.Measure(now, rule.LeaseTtl);
        var reports = new List<GrantReport>(SlotCount);
        var hasFree = false;
        foreach (ref var slot in _slots.AsSpan())
        {
            if (!slot.IsFree && slot.IsOver(now))
                slot.Free();
            if (slot.IsFree)
                hasFree = true;
            else
                reports.Add(slot.Report(now, _demand, rule.Algorithm));
        }

        var want = hasFree && MayLease(roundTrip) ? Wanted(now, missed) : 0;
        Schedule(now);
        return want == 0 && reports.Count == 0 ? null : new LeaseRenewal(key, want, Demand, [.. reports]);
    }

    /// <summary>Takes the answer to the renewal sent last.</summary>
    /// <param name="grant">The answer.</param>
    /// <param name="epoch">Epoch of the reply that carried it.</param>
    /// <param name="sentAt">When the renewal was sent: the lease is counted from there, so no clock has to agree with another.</param>
    /// <param name="now">When the answer came: turns are counted from there, so that none comes early.</param>
    public void Apply(in LeaseGrant grant, long epoch, TimeSpan sentAt, TimeSpan now)
    {
        _holders = Math.Max(1, grant.Holders);
        var installed = grant.Amount <= 0 || (_givesTurns && grant.Turns.Length != grant.Amount);
        foreach (ref var slot in _slots.AsSpan())
        {
            if (slot.IsClosing)
                slot.Free();
            if (installed || !slot.IsFree)
                continue;
            Install(ref slot, grant, epoch, sentAt, now);
            installed = true;
        }

        Volatile.Write(ref _lowMark, grant.Amount > 0 ? (Left(sentAt) + 1) / 2 : 0);
        Schedule(sentAt);
    }

    /// <summary>Whether no lease is held that could be spent or given back.</summary>
    /// <param name="now">The time.</param>
    public bool IsEmpty(TimeSpan now) => Array.TrueForAll(_slots, slot => slot.IsOver(now));

    // Turns of a lease are not one behind the other, and with several holders they would add up: what costs more than one asks the range.
    private bool TryTakeAny(TimeSpan now, int cost, out TimeSpan delay, out LeasePart taken)
    {
        delay = TimeSpan.Zero;
        taken = default;
        if (_givesTurns && cost > 1)
            return false;
        for (var index = 0; index < SlotCount; index++)
        {
            if (!_slots[index].TryTake(now, cost, rule.Algorithm, out delay, out var word))
                continue;
            taken = new LeasePart(index, word);
            return true;
        }

        return false;
    }

    // No lease alone is enough.
    private bool TryTakeTogether(TimeSpan now, int cost)
    {
        if (Left(now) < cost)
            return false;
        Span<long> taken = stackalloc long[SlotCount];
        var open = cost;
        for (var index = 0; index < SlotCount && open > 0; index++)
            open -= _slots[index].TakeSome(now, open, rule.Algorithm, out taken[index]);
        if (open == 0)
            return true;
        for (var index = 0; index < SlotCount; index++)
            _slots[index].PutBack(taken[index]);
        return false;
    }

    private void Install(ref LeaseSlot slot, in LeaseGrant grant, long epoch, TimeSpan sentAt, TimeSpan now)
    {
        var length = grant.Length > TimeSpan.Zero ? grant.Length : rule.LeaseTtl;
        var deadline = _givesTurns ? now + grant.Turns[^1] + TimeSpan.FromTicks(1) : LimitRule.LeaseDeadline(sentAt, length);
        var turns = _givesTurns ? Array.ConvertAll(grant.Turns, turn => (now + turn).Ticks) : null;
        slot.Install(grant, epoch, turns, sentAt + (length / 2), deadline);
    }

    private int Wanted(TimeSpan now, bool missed)
    {
        var missing = _demand.Within(rule.LeaseTtl / 2) - Left(now);
        // A turn that nobody comes for is lost to all.
        if (_givesTurns && _demand.Within(rule.LeaseTtl / 2) < 2)
            return 0;
        return Math.Max(missed ? 1 : 0, missing);
    }

    private bool MayLease(TimeSpan roundTrip) => rule.Mode switch
    {
        RateLimitMode.Leased => rule.LeaseCap > 0,
        RateLimitMode.Auto => LeaseChoice.Pays(rule, _holders, Demand, roundTrip),
        _ => false,
    };

    // After half its time a lease gives back what it will not need; asked again a tenth of a ttl later while anything is held.
    private void Schedule(TimeSpan now)
    {
        var next = TimeSpan.MaxValue;
        foreach (ref var slot in _slots.AsSpan())
        {
            if (slot.IsFree)
                continue;
            var due = slot.SurplusAt > now ? slot.SurplusAt : now + (rule.LeaseTtl / 10);
            next = due < next ? due : next;
        }

        Volatile.Write(ref _surplusAt, next.Ticks);
    }
}
