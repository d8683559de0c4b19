using System.Collections.Concurrent;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Concurrency.Keys;

/// <summary>
/// A front-end's side of the slots of one range's keys: who enters, who waits, what is told and what the answers allow. Its lease is one for all keys: when no answer has
/// come for <see cref="SlotLease.HolderTime"/> it goes on alone, as the policy's <see cref="WhenUnreachable"/> says. <see cref="TryEnter"/> and <see cref="KeySlots.Leave"/> take no lock
/// and allocate nothing while slots are free and nobody waits. <see cref="Begin"/>, <see cref="TryAccept"/>, <see cref="Abandon"/> and <see cref="Due"/> belong to the
/// one loop that talks to the range; all other members are any thread's.
/// </summary>
public sealed partial class KeySlotHolder
{
    /// <summary>As long as a range may take to be back when its silo was killed, so that this costs clients time and not an error.</summary>
    public static readonly TimeSpan LongestWait = SlotLease.FirstAnswerTime;

    /// <summary>Keys of one range that have or want slots here; more are not decided.</summary>
    public const int MostKeys = 1024;

    /// <summary>Requests of one range that may wait for an answer here, beside those of one key's queue.</summary>
    public const int MostWaiters = 8192;

    private readonly ConcurrentDictionary<RateLimitKey, KeySlots> _entries = new();
    private readonly Lock _lock = new();
    private readonly string _frontendId;
    private readonly long _incarnation;
    private readonly Action _wake;
    private LimitRule _rule;
    private (KeySlots Slots, SlotNumbers Numbers)[] _claimed = [];
    private long _lapsesAt = long.MaxValue;
    private long _sequence;
    private long _outstanding;
    private long _epoch;
    private long _fence;
    private long _recalledBy;
    private TimeSpan _sentAt = TimeSpan.MinValue;
    private int _count;
    private bool _isAlone;
    private bool _isLeased;
    private bool _tellsAll = true;
    private bool _toldAll;
    private bool _hasFailed;

    /// <summary>A front-end that holds nothing yet.</summary>
    /// <param name="frontendId">Front-end id.</param>
    /// <param name="incarnation">Grows with each start of the front-end.</param>
    /// <param name="rule">The policy's numbers.</param>
    /// <param name="wake">Lets the loop look at once; cheap, and called under the lock.</param>
    public KeySlotHolder(string frontendId, long incarnation, LimitRule rule, Action wake) =>
        (_frontendId, _incarnation, _rule, _wake) = (frontendId, incarnation, rule, wake);

    /// <summary>N of the part 1/N of each limit that is this front-end's when it is alone; 0 when it was never told, and then it has none.</summary>
    public int ShareParts { get; set; }

    /// <summary>Whether it goes on without the cluster.</summary>
    public bool IsAlone => Volatile.Read(ref _isAlone);

    /// <summary>Whether it has a lease of the cluster.</summary>
    public bool IsLeased => Volatile.Read(ref _isLeased);

    /// <summary>Whether no key has or wants slots here.</summary>
    public bool IsIdle => Volatile.Read(ref _count) == 0;

    /// <summary>Whether the lease has ended and <see cref="Lapse"/> is due.</summary>
    /// <param name="now">The time.</param>
    public bool HasLapsed(TimeSpan now) => now.Ticks >= Volatile.Read(ref _lapsesAt);

    /// <summary>Takes slots that are free here and that nobody waits for.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="now">The time, read for this request.</param>
    /// <returns>To leave when the request has ended; <see langword="null"/> when it has to wait.</returns>
    public KeySlots? TryEnter(RateLimitKey key, int count, TimeSpan now)
    {
        if (HasLapsed(now))
            Lapse(now);
        return _entries.TryGetValue(key, out var slots) && slots.TryEnter(count) ? slots : null;
    }

    /// <summary>Whether the range has just said that the key's slots are all in use, and none is free here.</summary>
    /// <param name="key">The key.</param>
    /// <param name="now">The time.</param>
    public bool IsKnownFull(RateLimitKey key, TimeSpan now) => _entries.TryGetValue(key, out var slots) && slots.IsFull(now);

    /// <summary>Waits for slots: ends at once if they are free or cannot be had.</summary>
    /// <param name="waiter">Who waits.</param>
    /// <param name="now">The time.</param>
    public void Wait(KeySlotWaiter waiter, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        lock (_lock)
        {
            if (_count == 0 && !_isLeased && !_isAlone)
                Volatile.Write(ref _lapsesAt, (now + SlotLease.FirstAnswerTime).Ticks);
            LapseIfDue_NeedsLock(now);
            if (Waiters >= MostWaiters + _rule.QueueLimit || !_rule.MayEverAdmit(waiter.Count) || EntryOf_NeedsLock(waiter.Key, now) is not { } slots)
            {
                waiter.End(KeySlotOutcome.Unavailable);
                return;
            }

            waiter.ArrivedAt = now;
            slots.Add(waiter);
            Serve_NeedsLock(slots);
            if (_isAlone)
                slots.RefuseAsked(long.MaxValue, _rule.QueueLimit, KeySlotOutcome.RefusedAlone);
            else if (slots.IsFull(now))
                AskedAMomentAgo_NeedsLock(waiter, slots);
        }

        _wake();
    }

    /// <summary>Ends the wait of a request whose client went away.</summary>
    /// <param name="waiter">Who waited.</param>
    public void GiveUp(KeySlotWaiter waiter)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        lock (_lock)
        {
            if (waiter.Slots is { } slots && slots.Remove(waiter))
                waiter.End(KeySlotOutcome.Left);
        }

        _wake();
    }

    /// <summary>Takes over new numbers of the policy; everything is told anew.</summary>
    /// <param name="rule">The policy's numbers.</param>
    public void Reconfigure(LimitRule rule)
    {
        lock (_lock)
        {
            _rule = rule;
            TellAll_NeedsLock();
            if (_count == 0)
                Rest_NeedsLock();
            else if (_isAlone)
                BeAlone_NeedsLock();
        }

        _wake();
    }

    /// <summary>Lets everybody in, until there are numbers again: the policy counts something else. What runs then is counted if there are.</summary>
    /// <param name="rule">The policy's numbers as they were.</param>
    public void Dissolve(LimitRule rule)
    {
        lock (_lock)
        {
            _rule = rule with { WhenUnreachable = WhenUnreachable.Allow };
            BeAlone_NeedsLock();
        }
    }

    /// <summary>Notes that a request was refused because <see cref="IsKnownFull"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">Slots that it needed.</param>
    public void Refused(RateLimitKey key, int count)
    {
        if (_entries.TryGetValue(key, out var slots))
            slots.Refused(count);
    }

    /// <summary>Goes on alone if the lease has ended, and lets go who has waited for too long.</summary>
    /// <param name="now">The time.</param>
    public void Lapse(TimeSpan now)
    {
        lock (_lock)
        {
            LapseIfDue_NeedsLock(now);
            foreach (var slots in _entries.Values)
            {
                while (slots.First is { } first && now >= GivesUpAt_NeedsLock(first))
                    slots.Refuse(first, !first.IsQueued ? KeySlotOutcome.Unavailable : _isAlone ? KeySlotOutcome.RefusedAlone : KeySlotOutcome.Refused);
            }
        }
    }

    /// <summary>Goes on alone at once: no silo answers, and there is no lease.</summary>
    public void GoAlone()
    {
        lock (_lock)
        {
            if (!_isAlone)
                BeAlone_NeedsLock();
        }
    }

    /// <summary>When the loop has something to do.</summary>
    /// <param name="now">The time.</param>
    /// <returns>When the next report is due, and when to look again before that; <see langword="null"/> when there is nothing to tell until somebody comes.</returns>
    public (TimeSpan ReportAt, TimeSpan LookAt)? Due(TimeSpan now)
    {
        lock (_lock)
        {
            Sweep_NeedsLock(now);
            if (_count == 0)
            {
                Rest_NeedsLock();
                return null;
            }

            var (interval, look) = (KeySlotPace.KeepAlive, TimeSpan.FromTicks(Volatile.Read(ref _lapsesAt)));
            foreach (var slots in _entries.Values)
            {
                interval = Earlier(interval, slots.Interval(_isAlone));
                look = slots.First is { } first ? Earlier(look, GivesUpAt_NeedsLock(first)) : slots.IsOver ? Earlier(look, slots.FullUntil) : look;
            }

            if (_hasFailed)
                interval = SlotPace.Retry;
            var report = _sentAt == TimeSpan.MinValue ? now : _sentAt + interval;
            return (report, Earlier(look, report));
        }
    }

    /// <summary>Requests that wait, of all keys; under the lock.</summary>
    internal int Waiters { get; set; }

    /// <summary>Lets the loop look.</summary>
    internal void Wake() => _wake();

    /// <summary>Gives free slots to those who wait.</summary>
    internal void Serve(KeySlots slots)
    {
        lock (_lock)
            Serve_NeedsLock(slots);
    }

    // How many admissions a second make slots in reserve worth their messages.
    private double LeastRate => _rule.Mode switch
    {
        RateLimitMode.Leased => 0,
        RateLimitMode.Auto => KeySlotPace.LeastBusyRate,
        _ => double.PositiveInfinity,
    };

    private int Share => _rule.WhenUnreachable switch
    {
        WhenUnreachable.Deny => 0,
        WhenUnreachable.Allow => int.MaxValue,
        _ => ShareParts > 0 ? Math.Max(1, _rule.PermitLimit / ShareParts) : 0,
    };

    private void AskedAMomentAgo_NeedsLock(KeySlotWaiter waiter, KeySlots slots)
    {
        waiter.AskedIn = _sequence;
        waiter.IsQueued = slots.Waiting <= _rule.QueueLimit;
        if (!waiter.IsQueued)
            slots.Refuse(waiter, KeySlotOutcome.Refused);
    }

    private void Serve_NeedsLock(KeySlots slots) => slots.Serve(_isAlone ? KeySlotOutcome.EnteredAlone : KeySlotOutcome.Entered);

    private TimeSpan GivesUpAt_NeedsLock(KeySlotWaiter waiter) => waiter.ArrivedAt + (waiter.IsQueued ? _rule.QueueTimeout : LongestWait);

    private void LapseIfDue_NeedsLock(TimeSpan now)
    {
        if (HasLapsed(now))
            BeAlone_NeedsLock();
    }

    private void BeAlone_NeedsLock()
    {
        // Nothing lapses until there is a lease again. What was granted to a report from before is none.
        Volatile.Write(ref _lapsesAt, long.MaxValue);
        Volatile.Write(ref _isAlone, true);
        Volatile.Write(ref _isLeased, false);
        _outstanding = 0;
        TellAll_NeedsLock();
        foreach (var slots in _entries.Values)
        {
            slots.Allow(Share);
            Serve_NeedsLock(slots);
            slots.RefuseAsked(long.MaxValue, _rule.QueueLimit, KeySlotOutcome.RefusedAlone);
        }
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
