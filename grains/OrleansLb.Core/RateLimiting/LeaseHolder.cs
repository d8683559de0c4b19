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
    private const long TagStep = 1L << 32;

    private readonly LeaseSlot[] _slots = new LeaseSlot[SlotCount];
    private long _asked;
    private long _missed;
    private long _surplusAt = long.MaxValue;
    private int _lowMark;
    private int _holders = 1;
    private double _demand;
    private TimeSpan? _measuredAt;

    /// <summary>The key.</summary>
    public RateLimitKey Key => key;

    /// <summary>Tokens a second that this front-end is asked for, averaged over about half a ttl.</summary>
    public double Demand => _demand;

    /// <summary>Spends permits of a lease.</summary>
    /// <param name="now">The time, read for this request.</param>
    /// <param name="cost">Permits needed, at least 1.</param>
    /// <returns>False when there is no lease to spend from: ask the range.</returns>
    public bool TryAdmit(TimeSpan now, int cost)
    {
        Interlocked.Add(ref _asked, cost);
        foreach (ref var slot in _slots.AsSpan())
        {
            if (TryTake(ref slot, now, cost))
                return true;
        }

        if (cost > 1 && TryTakeTogether(now, cost))
            return true;
        Volatile.Write(ref _missed, 1);
        return false;
    }

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
        foreach (ref var slot in _slots.AsSpan())
        {
            if (now.Ticks < Volatile.Read(ref slot.Deadline))
                left += TokensOf(Volatile.Read(ref slot.Word));
        }

        return left;
    }

    /// <summary>Accounts for all leases and says what is wanted. Send it at once, or its tokens to give back are lost.</summary>
    /// <param name="now">The time.</param>
    /// <param name="roundTrip">Time of one call to the range, for <see cref="RateLimitMode.Auto"/>.</param>
    /// <returns>The renewal; null when there is nothing to report and nothing to ask for.</returns>
    public LeaseRenewal? Renew(TimeSpan now, TimeSpan roundTrip)
    {
        var missed = Interlocked.Exchange(ref _missed, 0) != 0;
        Measure(now);
        var reports = new List<GrantReport>(SlotCount);
        var hasFree = false;
        foreach (ref var slot in _slots.AsSpan())
        {
            if (slot.GrantId != 0 && now.Ticks >= slot.Deadline)
                Free(ref slot);
            if (slot.GrantId == 0)
                hasFree = true;
            else
                reports.Add(Report(ref slot, now));
        }

        var want = hasFree && MayLease(roundTrip) ? Wanted(now, missed) : 0;
        Schedule(now);
        return want == 0 && reports.Count == 0 ? null : new LeaseRenewal(key, want, _demand, [.. reports]);
    }

    /// <summary>Takes the answer to the renewal sent last.</summary>
    /// <param name="grant">The answer.</param>
    /// <param name="epoch">Epoch of the reply that carried it.</param>
    /// <param name="sentAt">When the renewal was sent: the lease is counted from there, so no clock has to agree with another.</param>
    public void Apply(in LeaseGrant grant, long epoch, TimeSpan sentAt)
    {
        _holders = Math.Max(1, grant.Holders);
        var installed = grant.Amount <= 0;
        foreach (ref var slot in _slots.AsSpan())
        {
            if (slot.IsClosing)
                Free(ref slot);
            if (installed || slot.GrantId != 0)
                continue;
            Install(ref slot, grant, epoch, sentAt);
            installed = true;
        }

        Volatile.Write(ref _lowMark, grant.Amount > 0 ? (Left(sentAt) + 1) / 2 : 0);
        Schedule(sentAt);
    }

    /// <summary>Whether no lease is held that could be spent or given back.</summary>
    /// <param name="now">The time.</param>
    public bool IsEmpty(TimeSpan now) => Array.TrueForAll(_slots, slot => now.Ticks >= Volatile.Read(ref slot.Deadline));

    private static int TokensOf(long word) => (int)(word & int.MaxValue);

    private static bool TryTake(ref LeaseSlot slot, TimeSpan now, int cost)
    {
        while (true)
        {
            var word = Volatile.Read(ref slot.Word);
            if (TokensOf(word) < cost || now.Ticks >= Volatile.Read(ref slot.Deadline))
                return false;
            if (Interlocked.CompareExchange(ref slot.Word, word - cost, word) == word)
                return true;
        }
    }

    // No lease alone is enough. What was taken goes back only if nobody counted in between: a report that calls a token spent
    // frees its place at the grain, so the token must then stay gone.
    private bool TryTakeTogether(TimeSpan now, int cost)
    {
        if (Left(now) < cost)
            return false;
        Span<long> taken = stackalloc long[SlotCount];
        var open = cost;
        for (var index = 0; index < SlotCount && open > 0; index++)
        {
            ref var slot = ref _slots[index];
            var word = Volatile.Read(ref slot.Word);
            var part = Math.Min(open, TokensOf(word));
            if (part == 0 || now.Ticks >= Volatile.Read(ref slot.Deadline) || Interlocked.CompareExchange(ref slot.Word, word - part, word) != word)
                continue;
            taken[index] = (word & ~(TagStep - 1)) | (uint)part;
            open -= part;
        }

        if (open == 0)
            return true;
        for (var index = 0; index < SlotCount; index++)
            PutBack(ref _slots[index], taken[index]);
        return false;
    }

    private static void PutBack(ref LeaseSlot slot, long taken)
    {
        while (TokensOf(taken) > 0)
        {
            var word = Volatile.Read(ref slot.Word);
            if ((word ^ taken) >> 32 != 0 || Interlocked.CompareExchange(ref slot.Word, word + TokensOf(taken), word) == word)
                return;
        }
    }

    // Counts and withdraws in one step: the tag changes with it.
    private GrantReport Report(ref LeaseSlot slot, TimeSpan now)
    {
        var keep = now < slot.SurplusAt ? int.MaxValue : Needed(TimeSpan.FromTicks(slot.Deadline) - now);
        int left;
        int surplus;
        long word;
        do
        {
            word = Volatile.Read(ref slot.Word);
            left = TokensOf(word);
            surplus = Math.Max(0, left - keep);
        }
        while (Interlocked.CompareExchange(ref slot.Word, unchecked(word + TagStep) - surplus, word) != word);

        slot.Returned += surplus;
        slot.IsClosing = left == surplus;
        return new GrantReport(slot.Epoch, slot.GrantId, slot.Amount - slot.Returned - (left - surplus), slot.Returned);
    }

    // A thread that read the old word must not see the new deadline, hence empty first, deadline second, tokens last.
    private void Install(ref LeaseSlot slot, in LeaseGrant grant, long epoch, TimeSpan sentAt)
    {
        var tag = Empty(ref slot);
        slot.Epoch = epoch;
        slot.GrantId = grant.GrantId;
        slot.Amount = grant.Amount;
        slot.Returned = 0;
        slot.SurplusAt = sentAt + (rule.LeaseTtl / 2);
        Volatile.Write(ref slot.Deadline, (sentAt + rule.LeaseTtl - Margin(rule.LeaseTtl)).Ticks);
        Interlocked.Exchange(ref slot.Word, tag | (uint)grant.Amount);
    }

    private static void Free(ref LeaseSlot slot)
    {
        Empty(ref slot);
        slot.GrantId = 0;
        slot.IsClosing = false;
    }

    private static long Empty(ref LeaseSlot slot)
    {
        long word;
        long tag;
        do
        {
            word = Volatile.Read(ref slot.Word);
            tag = unchecked(word + TagStep) & ~(TagStep - 1);
        }
        while (Interlocked.CompareExchange(ref slot.Word, tag, word) != word);
        return tag;
    }

    // For the time that a thread needs between reading the clock and spending, and for clocks that run at different rates.
    private static TimeSpan Margin(TimeSpan ttl) => TimeSpan.FromTicks(Math.Max(TimeSpan.FromMilliseconds(5).Ticks, ttl.Ticks / 100));

    private int Needed(TimeSpan time) => (int)Math.Min(int.MaxValue / 2, Math.Ceiling(_demand * Math.Max(0, time.TotalSeconds)));

    private int Wanted(TimeSpan now, bool missed)
    {
        var missing = Needed(rule.LeaseTtl / 2) - Left(now);
        return Math.Max(missed ? 1 : 0, missing);
    }

    private bool MayLease(TimeSpan roundTrip) => rule.Mode switch
    {
        RateLimitMode.Leased => rule.LeaseCap > 0,
        RateLimitMode.Auto => LeaseChoice.Pays(rule, _holders, _demand, roundTrip),
        _ => false,
    };

    private void Measure(TimeSpan now)
    {
        if (_measuredAt is not { } since)
        {
            _measuredAt = now;
            return;
        }

        var seconds = (now - since).TotalSeconds;
        if (seconds < rule.LeaseTtl.TotalSeconds / 1000)
            return;
        _measuredAt = now;
        var rate = Interlocked.Exchange(ref _asked, 0) / seconds;
        _demand += (rate - _demand) * (1 - Math.Exp(-seconds / (rule.LeaseTtl.TotalSeconds / 2)));
    }

    // After half its time a lease gives back what it will not need; asked again a tenth of a ttl later while anything is held.
    private void Schedule(TimeSpan now)
    {
        var next = TimeSpan.MaxValue;
        foreach (ref var slot in _slots.AsSpan())
        {
            if (slot.GrantId == 0)
                continue;
            var due = slot.SurplusAt > now ? slot.SurplusAt : now + (rule.LeaseTtl / 10);
            next = due < next ? due : next;
        }

        Volatile.Write(ref _surplusAt, next.Ticks);
    }
}
