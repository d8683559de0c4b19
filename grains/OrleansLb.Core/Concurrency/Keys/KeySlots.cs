using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Core.Concurrency.Keys;

/// <summary>One key's slots at one front-end, and who waits for one. Created and used by a <see cref="KeySlotHolder"/>.</summary>
public sealed class KeySlots
{
    private static readonly TimeSpan DecayTime = TimeSpan.FromMilliseconds(100);

    private readonly RateLimitKey _key;
    private readonly KeySlotHolder _holder;
    private readonly SlotGate _gate = new();
    private readonly LinkedList<KeySlotWaiter> _waiters = new();
    private int _waiting;
    private int _asked;
    private int _refused;
    private int _left;
    private int _isLow;
    private long _fullUntil;
    private bool _returnsAtOnce = true;
    private SlotNumbers _told;
    private bool _isTold;
    private bool _mayKeep;
    private bool _isScarce;
    private int _recent;
    private double _rate;
    private TimeSpan _decayedAt;
    private TimeSpan _usedAt;

    internal KeySlots(KeySlotHolder holder, RateLimitKey key, TimeSpan now) => (_holder, _key, _decayedAt, _usedAt) = (holder, key, now, now);

    /// <summary>The key.</summary>
    public RateLimitKey Key => _key;

    /// <summary>Slots that are free here, and that nobody held when the range said so last.</summary>
    public int Left => _gate.Read() is var (allowed, inUse) ? Math.Max(0, allowed - inUse) + Volatile.Read(ref _left) : 0;

    /// <summary>Slots in use here.</summary>
    public int InUse => _gate.InUse;

    /// <summary>Gives slots back that a request had, once, when it has ended. Takes no lock unless others wait.</summary>
    /// <param name="count">How many.</param>
    public void Leave(int count)
    {
        var isFull = _gate.Leave(count);
        if (Volatile.Read(ref _waiting) > 0)
            _holder.Serve(this);
        if (isFull || Volatile.Read(ref _returnsAtOnce))
            _holder.Wake();
    }

    /// <summary>Slots that may be in use here.</summary>
    internal int Allowed => _gate.Allowed;

    /// <summary>Slots that are waited for.</summary>
    internal int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Who waits first.</summary>
    internal KeySlotWaiter? First => _waiters.First?.Value;

    internal bool TryEnter(int count)
    {
        Interlocked.Increment(ref _asked);
        if (Volatile.Read(ref _waiting) > 0 || !_gate.TryEnter(count, out var runsLow))
            return false;
        if (!runsLow)
            return true;
        Volatile.Write(ref _isLow, 1);
        _holder.Wake();
        return true;
    }

    internal bool IsFull(TimeSpan now) => now.Ticks < Volatile.Read(ref _fullUntil) && _gate.Read() is var (allowed, inUse) && inUse >= allowed;

    internal void Refused(int count) => Interlocked.Add(ref _refused, count);

    internal void Allow(int amount) => _gate.Allow(amount);

    internal void Add(KeySlotWaiter waiter)
    {
        waiter.Slots = this;
        waiter.Place = _waiters.AddLast(waiter);
        // Whoever leaves sees it, or it sees the slot that was left.
        Interlocked.Exchange(ref _waiting, _waiting + waiter.Count);
        _holder.Waiters++;
    }

    /// <summary>Takes a waiter out; false when it is not there any more.</summary>
    internal bool Remove(KeySlotWaiter waiter)
    {
        if (waiter.Place is not { List: not null } place)
            return false;
        _waiters.Remove(place);
        Volatile.Write(ref _waiting, _waiting - waiter.Count);
        _holder.Waiters--;
        return true;
    }

    /// <summary>Gives free slots to those who wait, in the order of their arrival.</summary>
    internal void Serve(KeySlotOutcome outcome)
    {
        while (First is { } first && _gate.TryEnter(first.Count, out _))
        {
            Remove(first);
            first.End(outcome);
        }
    }

    /// <summary>Refuses those who were told of in a report or before it, and have not got any, but for as many as may queue.</summary>
    /// <returns>Whether there was anybody.</returns>
    internal bool RefuseAsked(long sequence, int queueLimit, KeySlotOutcome outcome)
    {
        var queued = 0L;
        var wasAny = false;
        for (var place = _waiters.First; place is not null;)
        {
            var (waiter, next) = (place.Value, place.Next);
            if (waiter.AskedIn > sequence || (waiter.AskedIn == 0 && sequence != long.MaxValue))
                break;
            wasAny = true;
            waiter.IsQueued = queued + waiter.Count <= queueLimit;
            queued += waiter.IsQueued ? waiter.Count : 0;
            if (!waiter.IsQueued)
                Refuse(waiter, outcome);
            place = next;
        }

        return wasAny;
    }

    /// <summary>Notes that the range has none to give, so that nobody need ask for a moment.</summary>
    internal void IsFullUntil(TimeSpan time) => Volatile.Write(ref _fullUntil, time.Ticks);

    /// <summary>Ends the wait of one who has waited for too long, or cannot be served.</summary>
    internal void Refuse(KeySlotWaiter waiter, KeySlotOutcome outcome)
    {
        if (!Remove(waiter))
            return;
        Refused(waiter.Count);
        waiter.End(outcome);
    }

    /// <summary>What the next report says, and what is given back with it.</summary>
    /// <param name="keepsReserve">Whether the policy may hold slots in reserve, and from how many admissions a second.</param>
    /// <param name="isAlone">Whether what is allowed is no lease.</param>
    /// <param name="now">The time.</param>
    internal SlotNumbers Count(double keepsReserve, bool isAlone, TimeSpan now)
    {
        Measure(now);
        var isIdle = now - _usedAt >= KeySlotPace.IdleAfter;
        if (!isAlone && !_mayKeep)
            _gate.KeepFree(_waiting);
        var (allowed, inUse) = _gate.Read();
        var recent = _rate >= keepsReserve && !isIdle ? Math.Max(1, _recent) : 0;
        return new SlotNumbers(isAlone ? 0 : allowed, inUse, _waiting + (_mayKeep ? Volatile.Read(ref _refused) : 0), recent);
    }

    /// <summary>Whether a report should tell of these numbers.</summary>
    internal bool IsNews(in SlotNumbers numbers) => !_isTold || numbers != _told || _waiting > 0;

    /// <summary>Notes that a report tells of it.</summary>
    internal void Claimed(long sequence)
    {
        _isTold = false;
        Volatile.Write(ref _refused, 0);
        Volatile.Write(ref _isLow, 0);
        foreach (var waiter in _waiters)
            waiter.AskedIn = waiter.AskedIn == 0 ? sequence : waiter.AskedIn;
    }

    /// <summary>Notes that the range knows nothing of it, or may not.</summary>
    internal void Untold() => _isTold = false;

    /// <summary>Takes the answer to a claim.</summary>
    /// <param name="claimed">What was claimed.</param>
    /// <param name="grant">The answer.</param>
    /// <param name="queueLimit">How many of those that got none the range goes on counting.</param>
    internal void Granted(in SlotNumbers claimed, in KeySlotGrant grant, int queueLimit)
    {
        _isTold = true;
        var unserved = grant.MayKeep ? claimed.Waiting : Math.Clamp((long)claimed.InUse + claimed.Waiting - grant.Amount, 0, queueLimit);
        _told = claimed with { Held = Math.Max(claimed.Held, grant.Amount), Waiting = (int)unserved };
        (_mayKeep, _isScarce) = (grant.MayKeep, grant.IsScarce);
        Volatile.Write(ref _returnsAtOnce, !grant.MayKeep || grant.IsScarce);
        Volatile.Write(ref _left, grant.Left);
        _gate.Allow(grant.Amount);
        _gate.WarnAt(grant.MayKeep && !grant.IsScarce ? (grant.Amount - _gate.InUse) / 2 : -1);
        Serve(KeySlotOutcome.Entered);
    }

    /// <summary>Whether nothing is left of it, here and at the range.</summary>
    internal bool IsOver => _isTold && _waiting == 0 && _told.IsNone && _gate.Read() is (0, 0);

    /// <summary>Until when the range need not be asked again.</summary>
    internal TimeSpan FullUntil => TimeSpan.FromTicks(Volatile.Read(ref _fullUntil));

    /// <summary>Takes everything back that is allowed, if nothing is in use and nobody waits.</summary>
    internal bool TryClose()
    {
        if (_waiting > 0)
            return false;
        var allowed = _gate.Allowed;
        _gate.Allow(0);
        if (_gate.InUse == 0)
            return true;
        _gate.Allow(allowed);
        return false;
    }

    /// <summary>How long after the last report it asks for the next one.</summary>
    internal TimeSpan Interval(bool isAlone)
    {
        if (_waiting > 0)
            return _waiters.Last!.Value.AskedIn == 0 ? TimeSpan.Zero : SlotPace.Waiting;
        var (allowed, inUse) = _gate.Read();
        var held = isAlone ? 0 : _mayKeep ? allowed : Math.Min(allowed, inUse);
        var returnable = Math.Max(_told.Held, _told.InUse) - Math.Max(held, inUse);
        if (!_isTold || Volatile.Read(ref _isLow) != 0 || (returnable > 0 && (!_mayKeep || _isScarce)))
            return SlotPace.Shortest;
        if (_mayKeep && Volatile.Read(ref _refused) > 0)
            return SlotPace.Waiting;
        return returnable > 0 || inUse != _told.InUse ? SlotPace.Busy : KeySlotPace.KeepAlive;
    }

    private void Measure(TimeSpan now)
    {
        var peak = _gate.TakePeak();
        _recent = Math.Max(_recent, peak);
        if (peak > 0)
            _usedAt = now;
        var elapsed = now - _decayedAt;
        if (elapsed < DecayTime)
            return;
        _decayedAt = now;
        _recent = Math.Max(peak, _recent - ((_recent - peak + 3) / 4));
        var rate = Interlocked.Exchange(ref _asked, 0) / elapsed.TotalSeconds;
        _rate += (rate - _rate) * (1 - Math.Exp(-elapsed.TotalSeconds));
    }
}
