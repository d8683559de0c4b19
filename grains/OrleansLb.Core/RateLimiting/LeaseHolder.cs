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
    private readonly bool _givesTurns = rule.Algorithm == RateLimitAlgorithm.LeakyBucket;
    private readonly bool _datesSpending = rule.Algorithm == RateLimitAlgorithm.SlidingWindowLog;
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
    /// <param name="delay">How long what is admitted has to wait for its turn; zero but for a leaky bucket.</param>
    /// <returns>False when there is no lease to spend from: ask the range.</returns>
    public bool TryAdmit(TimeSpan now, int cost, out TimeSpan delay)
    {
        Interlocked.Add(ref _asked, cost);
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
        Interlocked.Add(ref _asked, cost);
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
    public void GiveBack(in LeasePart taken) => PutBack(ref _slots[taken.Slot], taken.Word);

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
            var word = Volatile.Read(ref slot.Word);
            if (now.Ticks < Volatile.Read(ref slot.Deadline))
                left += TokensOf(word) - Passed(slot, word, now);
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
    /// <param name="now">When the answer came: turns are counted from there, so that none comes early.</param>
    public void Apply(in LeaseGrant grant, long epoch, TimeSpan sentAt, TimeSpan now)
    {
        _holders = Math.Max(1, grant.Holders);
        var installed = grant.Amount <= 0 || (_givesTurns && grant.Turns.Length != grant.Amount);
        foreach (ref var slot in _slots.AsSpan())
        {
            if (slot.IsClosing)
                Free(ref slot);
            if (installed || slot.GrantId != 0)
                continue;
            Install(ref slot, grant, epoch, sentAt, now);
            installed = true;
        }

        Volatile.Write(ref _lowMark, grant.Amount > 0 ? (Left(sentAt) + 1) / 2 : 0);
        Schedule(sentAt);
    }

    /// <summary>Whether no lease is held that could be spent or given back.</summary>
    /// <param name="now">The time.</param>
    public bool IsEmpty(TimeSpan now) => Array.TrueForAll(_slots, slot => now.Ticks >= Volatile.Read(ref slot.Deadline));

    private static int TokensOf(long word) => (int)(word & int.MaxValue);

    private bool TryTake(ref LeaseSlot slot, TimeSpan now, int cost, out TimeSpan delay, out long taken)
    {
        delay = TimeSpan.Zero;
        taken = 0;
        while (true)
        {
            var word = Volatile.Read(ref slot.Word);
            var passed = Passed(slot, word, now);
            if (TokensOf(word) - passed < cost || now.Ticks >= Volatile.Read(ref slot.Deadline))
                return false;
            if (_givesTurns)
                delay = DelayOf(slot, word, passed, now);
            if (_datesSpending)
                Date(ref slot, now);
            if (Interlocked.CompareExchange(ref slot.Word, word - passed - cost, word) != word)
                continue;
            taken = _givesTurns ? 0 : Taken(word, cost);
            return true;
        }
    }

    // Turns of the lease that nobody came for. What is read here belongs to the word only if the word is still the same afterwards.
    private static int Passed(in LeaseSlot slot, long word, TimeSpan now)
    {
        if (Volatile.Read(in slot.Turns) is not { } turns)
            return 0;
        var left = TokensOf(word);
        var passed = 0;
        for (var index = turns.Length - left; passed < left && index >= 0 && turns[index] < now.Ticks; index++)
            passed++;
        return passed;
    }

    private static TimeSpan DelayOf(in LeaseSlot slot, long word, int passed, TimeSpan now)
    {
        var turns = Volatile.Read(in slot.Turns) ?? [];
        var index = turns.Length - TokensOf(word) + passed;
        return (uint)index < (uint)turns.Length ? TimeSpan.FromTicks(turns[index]) - now : TimeSpan.Zero;
    }

    // Before the tokens are taken, so that whoever counts them as spent sees it. In whole milliseconds, so that most find it noted.
    private static void Date(ref LeaseSlot slot, TimeSpan now)
    {
        var until = (now.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond) + TimeSpan.TicksPerMillisecond;
        var known = Volatile.Read(ref slot.SpentUntil);
        while (until > known && Interlocked.CompareExchange(ref slot.SpentUntil, until, known) is var seen && seen != known)
            known = seen;
    }

    // Turns of a lease are not one behind the other, and with several holders they would add up: what costs more than one asks the range.
    private bool TryTakeAny(TimeSpan now, int cost, out TimeSpan delay, out LeasePart taken)
    {
        delay = TimeSpan.Zero;
        taken = default;
        if (_givesTurns && cost > 1)
            return false;
        for (var index = 0; index < SlotCount; index++)
        {
            if (!TryTake(ref _slots[index], now, cost, out delay, out var word))
                continue;
            taken = new LeasePart(index, word);
            return true;
        }

        return false;
    }

    // What PutBack needs: how many, and the tag under which they were taken.
    private static long Taken(long word, int cost) => (word & ~(TagStep - 1)) | (uint)cost;

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
            if (_datesSpending)
                Date(ref slot, now);
            if (part == 0 || now.Ticks >= Volatile.Read(ref slot.Deadline) || Interlocked.CompareExchange(ref slot.Word, word - part, word) != word)
                continue;
            taken[index] = Taken(word, part);
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
        // Others were given turns behind these, so none goes back; those that nobody came for are gone.
        var keep = now < slot.SurplusAt || _givesTurns ? int.MaxValue : Needed(TimeSpan.FromTicks(slot.Deadline) - now);
        int left;
        int surplus;
        long word;
        long counted;
        do
        {
            word = Volatile.Read(ref slot.Word);
            var passed = Passed(slot, word, now);
            left = TokensOf(word) - passed;
            surplus = Math.Max(0, left - keep);
            counted = unchecked(word + TagStep) - passed - surplus;
        }
        while (Interlocked.CompareExchange(ref slot.Word, counted, word) != word);

        slot.Returned += surplus;
        slot.IsClosing = left == surplus;
        var age = now - TimeSpan.FromTicks(Volatile.Read(ref slot.SpentUntil));
        return new GrantReport(slot.Epoch, slot.GrantId, slot.Amount - slot.Returned - (left - surplus), slot.Returned)
        {
            SpentAge = _datesSpending && age > TimeSpan.Zero ? age : TimeSpan.Zero,
        };
    }

    // A thread that read the old word must not see what belongs to the new one, hence empty first, tokens last.
    private void Install(ref LeaseSlot slot, in LeaseGrant grant, long epoch, TimeSpan sentAt, TimeSpan now)
    {
        var tag = Empty(ref slot);
        var length = grant.Length > TimeSpan.Zero ? grant.Length : rule.LeaseTtl;
        var deadline = _givesTurns ? now + grant.Turns[^1] + TimeSpan.FromTicks(1) : LimitRule.LeaseDeadline(sentAt, length);
        slot.Epoch = epoch;
        slot.GrantId = grant.GrantId;
        slot.Amount = grant.Amount;
        slot.Returned = 0;
        slot.SurplusAt = sentAt + (length / 2);
        Volatile.Write(ref slot.SpentUntil, 0);
        Volatile.Write(ref slot.Turns, _givesTurns ? Array.ConvertAll(grant.Turns, turn => (now + turn).Ticks) : null);
        Volatile.Write(ref slot.Deadline, deadline.Ticks);
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

    private int Needed(TimeSpan time) => (int)Math.Min(int.MaxValue / 2, Math.Ceiling(_demand * Math.Max(0, time.TotalSeconds)));

    private int Wanted(TimeSpan now, bool missed)
    {
        var missing = Needed(rule.LeaseTtl / 2) - Left(now);
        // A turn that nobody comes for is lost to all.
        if (_givesTurns && Needed(rule.LeaseTtl / 2) < 2)
            return 0;
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
